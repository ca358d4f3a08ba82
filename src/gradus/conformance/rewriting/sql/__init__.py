"""Rewrites of SQL queries; every module here is looked through for them."""
