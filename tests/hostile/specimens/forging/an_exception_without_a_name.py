"""Raises an exception whose class has no name and no message while it is loaded."""
raise type("", (Exception,), {})
