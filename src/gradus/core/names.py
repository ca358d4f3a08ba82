"""Names from closed sets, and what a person may have meant by a wrong one."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ` Did you mean 'x'?` for the nearest known name, or an empty string."""
    by_lowercase = {each.lower(): each for each in known}
    near = get_close_matches(name.lower(), by_lowercase, n=1, cutoff=0.6)
    return f" Did you mean '{by_lowercase[near[0]]}'?" if near else ""
