"""How deep a text that is parsed in the judge may be nested; it must not parse one."""

from typing import Any

MOST_NESTED = 64
"""Levels of tables, lists and objects in a text that is parsed here."""


def refuse_depth(value: Any) -> None:
    """Raise RecursionError for what is nested deeper than the words follow."""
    waiting = [(value, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > MOST_NESTED:
            raise RecursionError("nested too deep")
        if isinstance(one, dict | list):
            inner = one.values() if isinstance(one, dict) else one
            waiting += [(each, depth + 1) for each in inner]
