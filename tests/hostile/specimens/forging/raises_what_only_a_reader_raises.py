"""Raises an exception that carries the name of our own words for an unreadable file."""


class Unreadable(ValueError):
    pass


raise Unreadable("")
