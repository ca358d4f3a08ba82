"""How deep a text that is parsed in the judge may be, and its numbers; it must not parse one."""

from typing import Any

MOST_NESTED = 64
"""Levels of tables, lists and objects in a text that is parsed here."""
MOST_BITS = 14_000
"""Bits of a whole number there, which hexadecimal digits may give: a longer one cannot be shown."""


def refuse_depth(value: Any) -> None:
    """Raise RecursionError for what is nested deeper than the words follow.

    Raises ValueError for a number that cannot be shown.
    """
    waiting = [(value, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > MOST_NESTED:
            raise RecursionError("nested too deep")
        if isinstance(one, dict | list):
            inner = one.values() if isinstance(one, dict) else one
            waiting += [(each, depth + 1) for each in inner]
        elif isinstance(one, int) and one.bit_length() > MOST_BITS:
            raise ValueError(f"a number of {one.bit_length():,} bits, more than {MOST_BITS:,}")
