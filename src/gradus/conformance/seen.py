"""What can be wrong on one seed of the thorough depth."""

from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """What can be wrong on one seed."""

    RIGHT_REFUSED = "right-refused"
    WRONG_PASSED = "wrong-passed"
    NOT_THE_SAME = "not-the-same"
    NAMED_OTHERWISE = "named-otherwise"


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that was wrong on one seed."""

    trouble: Trouble
    """What kind of thing."""
    family: str
    """`reference`, `right`, `starter` or `wrong`."""
    message: str
    """What it was, with the seed that shows it again."""
