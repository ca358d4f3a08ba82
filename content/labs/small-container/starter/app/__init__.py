"""A churn service."""
