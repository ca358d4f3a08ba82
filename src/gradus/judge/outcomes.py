"""What a child's reply means to a check."""

from typing import Any

from gradus.check.far import UNREADABLE, Outcome, Raised
from gradus.judge.trouble import Ours
from gradus.sandbox import Raised as ChildRaised
from gradus.sandbox import Reply

CLOSED_IN = (
    "Code in a lab may not start processes, signal others, open sockets or leave its folder."
)
_OF_THE_INPUT = {"RecursionError", "MemoryError", "AnswerTooLarge"}


def outcome_of(reply: Reply) -> Outcome:
    """Return what came of one operation."""
    if isinstance(reply, ChildRaised):
        return Outcome(raised=_raised(reply))
    return Outcome(reply.ref, reply.value)


def response_of(value: Any) -> Outcome:
    """Return what one request to a service gave."""
    match value:
        case {"error": [str(name)], "message": str(message)}:
            return Outcome(raised=Raised((name,), message))
    return Outcome(value=value)


def unreadable(raised: Raised) -> Raised:
    """Return what is said of what a lab's reader raised; raises `Ours` for a fault of its own."""
    if raised.types[0] in _OF_THE_INPUT:
        return Raised((UNREADABLE,), "nested too deep, or too large, to be read")
    if raised.types[0] != "ValueError":
        raise Ours(f"reader.py: {raised.told}\n" + "\n".join(raised.frames))
    return Raised((UNREADABLE, "ValueError"), raised.message)


def is_found(found: Any, count: int) -> bool:
    """Return whether a child answered in the form in which it was asked to look things up."""
    return (
        isinstance(found, list)
        and len(found) == count
        and all(isinstance(each, list) and len(each) == 2 for each in found)
        and all(type(number) is int for number, _ in found)
    )


def _raised(reply: ChildRaised) -> Raised:
    message = reply.message
    if reply.types[:1] == ("PermissionError",):
        message = f"{message}\n{CLOSED_IN}"
    return Raised(tuple(reply.types), message, _folded(tuple(reply.frames)))


def _folded(frames: tuple[str, ...]) -> tuple[str, ...]:
    """Return frames without their repeats, as an endless recursion makes them."""
    return tuple(dict.fromkeys(frames))
