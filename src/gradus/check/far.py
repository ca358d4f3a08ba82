"""The far side as the words see it: where calls go and what comes back.

The judge supplies the implementation; nothing here knows how a call travels.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from gradus.core.verdict import Finding

UNREADABLE = "Unreadable"

Text = str | Callable[[], str]
"""A text, or how to put it into words when somebody reads it."""


class Unmet(Exception):
    """A claim did not hold; carries the finding and never leaves the judge."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(f"{finding.call}: returned {finding.returned}")


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception that the far side raised."""

    types: tuple[str, ...]
    """Names of its class and of all base classes, nearest first."""
    message: str
    """Its text."""
    frames: tuple[str, ...] = ()
    """The learner's own frames, outermost first."""

    @property
    def told(self) -> str:
        """What a learner reads: `raised ValueError: …`, or what a reader could not read."""
        name = self.types[0] if self.types else "an exception"
        if name == UNREADABLE:
            return self.message
        return f"raised {name}: {self.message}" if self.message else f"raised {name}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one operation on the far side gave."""

    ref: int | None = None
    """The far side's number for the object, where it keeps it."""
    value: Any = None
    """The plain value, or a `core.values.Handle` for what stays over there."""
    raised: Raised | None = None
    """The exception, where it raised one."""


class Awaited:
    """An outcome that has not been waited for: whoever looks at it waits.

    So what the check computes next is computed while the far side works.
    """

    __slots__ = ("_hear", "_heard")

    def __init__(self, hear: Callable[[], Outcome]) -> None:
        self._hear = hear
        self._heard: Outcome | Exception | None = None

    def heard(self) -> Outcome:
        """Return what came of it, or raise what the wait for it raised."""
        if self._heard is None:
            try:
                self._heard = self._hear()
            except Exception as error:
                self._heard = error
        if isinstance(self._heard, Exception):
            raise self._heard
        return self._heard

    @property
    def ref(self) -> int | None:
        """The far side's number for the object, where it keeps it."""
        return self.heard().ref

    @property
    def value(self) -> Any:
        """The plain value, or a handle for what stays over there."""
        return self.heard().value

    @property
    def raised(self) -> Raised | None:
        """The exception, where it raised one."""
        return self.heard().raised


class Far(Protocol):
    """Operations on objects that live where the learner's code runs."""

    doing: Text
    """The call under way, as a learner reads it."""

    def get(self, ref: int, name: str) -> Outcome | Awaited:
        """Read an attribute."""

    def set(self, ref: int, name: str, value: Any) -> Outcome:
        """Write an attribute."""

    def item(self, ref: int, key: Any) -> Outcome | Awaited:
        """Read an item."""

    def call(self, ref: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Outcome:
        """Call an object."""

    def begin(self, ref: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Outcome | Awaited:
        """Call an object; what comes of it may be waited for later."""

    def iterate(self, ref: int) -> Outcome:
        """Make an iterator."""

    def next(self, ref: int) -> Outcome:
        """Take the next item of an iterator."""

    def enter(self, ref: int) -> Outcome:
        """Enter a context manager."""

    def exit(self, ref: int) -> Outcome:
        """Leave a context manager."""

    def put(self, value: Any) -> Outcome | Awaited:
        """Send a value and keep it there."""

    def fetch(self, ref: int) -> Outcome:
        """Read an object as it is now."""

    def arguments(self, ref: int) -> tuple[list[Any], dict[str, Any]]:
        """Return the arguments of the call that made `ref`, as they are now."""

    def names(self, ref: int) -> list[dict[str, Any]]:
        """Return what a module defines: name, kind and number of parameters."""

    def usage(self) -> tuple[float, float]:
        """Return CPU seconds and peak MiB of the far side, read from the kernel."""
