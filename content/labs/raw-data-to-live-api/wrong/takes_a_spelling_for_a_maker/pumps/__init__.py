"""Foretells which well pump fails within thirty days of its inspection."""
