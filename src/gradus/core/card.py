"""Cards: questions that come back for review."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class CardKind(StrEnum):
    """How a card is answered."""

    RECALL = "recall"
    CHOICE = "choice"
    NUMBER = "number"
    WHAT_IF = "what-if"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that a card offers."""

    text: str
    """The answer."""
    because: str
    """Why it is right or wrong."""
    correct: bool = False
    """Whether it is the right one."""


@dataclass(frozen=True, slots=True)
class Card:
    """A question that an interviewer asks and that a person can answer in a minute."""

    id: str
    """Unique in its lab."""
    lab: str
    """Lab id."""
    kind: CardKind
    """How it is answered."""
    question: str
    """What is asked; `{n}` stands for a parameter."""
    answer: str = ""
    """What a person says, or for a number the arithmetic over the parameters."""
    choices: tuple[Choice, ...] = ()
    """For a choice: what is offered."""
    parameters: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """For a number: the closed range from which each whole number is drawn."""
    tolerance: float = 0.0
    """For a number: how far an answer may be off, relative to the right one."""
    explanation: str = ""
    """What is said after a number."""
