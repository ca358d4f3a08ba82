"""Why there is no verdict, where that is neither the learner's code nor a verdict."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why there is no verdict: something that is neither the learner's code nor a verdict."""

    message: str
    """A sentence for a person."""
    command: str = ""
    """What the person can run, if anything."""
