"""Answers: what a call gave, together with the call that made it.

An answer never decides anything by itself; the `must_…` methods do, against plain values.
"""

import math
from collections.abc import Iterator
from itertools import count
from types import TracebackType
from typing import Any, Self

import numpy as np

from gradus.check.assertions import Assertions, arguments_changed
from gradus.check.compare import kind_of, numeric_array, plain
from gradus.check.far import Awaited, Far, Outcome, Text, Unmet
from gradus.check.show import item_of, show, show_call
from gradus.core.values import Handle, Table, Tensor
from gradus.core.verdict import Finding

MOST_ITEMS = 10_000
_WAITED_FOR = frozenset({"_ref", "_value", "_raised"})
"""What an answer has as soon as somebody looks."""


class Answer(Assertions):
    """A value that came back, an exception, or an object that stayed on the far side."""

    __slots__ = (
        "_far",
        "_outcome",
        "_raise_allowed",
        "_raised",
        "_ref",
        "_said",
        "_sent",
        "_value",
        "_within",
    )

    def __init__(
        self,
        call: Text,
        outcome: Outcome | Awaited,
        far: Far | None = None,
        sent: tuple[tuple[Any, ...], dict[str, Any]] | None = None,
    ) -> None:
        self._said = call
        self._far = far
        self._sent = sent
        self._outcome = outcome
        self._raise_allowed = False
        self._within: tuple[Answer, int] | None = None

    @property
    def _call(self) -> str:
        """The call that made it; put into words only when somebody reads it."""
        if not isinstance(self._said, str):
            self._said = self._said()
        return self._said

    def _told(self) -> str:
        return self._call

    def as_argument(self) -> str:
        """Return the text that stands for it among another call's arguments."""
        return self._call if isinstance(self._value, Handle) else show(self._value)

    def as_value(self) -> Any:
        """Return the plain value; a finding where the call raised."""
        return self._returned("a value")

    def as_array(self, ndim: int | None = None, shape: tuple[int, ...] | None = None) -> np.ndarray:
        """Return a numeric array (lists and tensors too); a finding for anything else."""
        expected = "an array of numbers" + ("" if shape is None else f" of shape {shape}")
        array = numeric_array(self._returned(expected))
        if array is None:
            self._refuse(expected, f"It is {kind_of(self._value)}.")
        if (ndim is not None and array.ndim != ndim) or (
            shape is not None and array.shape != tuple(shape)
        ):
            self._refuse(
                f"{ndim} dimensions" if shape is None else expected, f"Its shape is {array.shape}."
            )
        return array

    def as_number(self) -> float:
        """Return a single number as float; a finding for anything else."""
        value = self._returned("a number")
        array = numeric_array(value)
        if array is None or array.ndim != 0 or array.dtype.kind in "bc":
            self._refuse("a number", f"It is {kind_of(value)}.")
        return float(array)

    def as_int(self) -> int:
        """Return a whole number; a finding for anything else (2.0 counts, True does not)."""
        value = self._returned("a number")
        if type(value) is int:
            return value
        number = self.as_number()
        if not math.isfinite(number) or number != int(number):
            self._refuse("a whole number")
        array = np.asarray(plain(value))
        return int(array) if array.dtype.kind in "iu" else int(number)

    def as_bool(self) -> bool:
        """Return a bool; a finding for anything else."""
        value = plain(self._returned("True or False"))
        if isinstance(value, np.ndarray) and value.ndim == 0:
            value = value.item()
        if not isinstance(value, bool | np.bool_):
            self._refuse("True or False", f"It is {kind_of(self._value)}.")
        return bool(value)

    def as_text(self) -> str:
        """Return a text; a finding for anything else."""
        value = self._returned("a text")
        if not isinstance(value, str):
            self._refuse("a text", f"It is {kind_of(value)}.")
        return value

    def as_list(self, length: int | None = None) -> list[Any]:
        """Return a list, tuple or one-dimensional array as a list; a finding for anything else."""
        expected = "a list" if length is None else f"a list of {length}"
        value = plain(self._returned(expected))
        if isinstance(value, np.ndarray):
            value = value.tolist()
        if not isinstance(value, list | tuple):
            self._refuse(expected, f"It is {kind_of(self._value)}.")
        if length is not None and len(value) != length:
            self._refuse(expected, f"It has {len(value)} items.")
        return list(value)

    def as_mapping(self, *keys: str) -> dict[Any, Any]:
        """Return a dict that has `keys`; a finding for anything else."""
        expected = f"a dict with {', '.join(keys)}" if keys else "a dict"
        value = self._returned(expected)
        if not isinstance(value, dict):
            self._refuse(expected, f"It is {kind_of(value)}.")
        for key in keys:
            if key not in value:
                self._refuse(expected, f"{show(key)} is missing.")
        return dict(value)

    def as_table(self, *columns: str) -> dict[str, list[Any]]:
        """Return a table's columns as lists (None for null); a finding for anything else."""
        expected = f"a table with the columns {', '.join(columns)}" if columns else "a table"
        value = self._returned(expected)
        if not isinstance(value, Table) or value.kind == "series":
            self._refuse(expected, f"It is {kind_of(value)}.")
        table: dict[str, list[Any]] = plain(value)
        for column in columns:
            if column not in table:
                self._refuse(expected, f"It has {', '.join(table) or 'no columns'}.")
        return table

    def as_tensor(self) -> Tensor:
        """Return a tensor; a finding for anything else."""
        value = self._returned("a tensor")
        if not isinstance(value, Tensor):
            self._refuse("a tensor", f"It is {kind_of(value)}.")
        return value

    def must_not_change_its_arguments(self, because: str = "") -> Self:
        """Demand that the call left what it was given as it was."""
        far, sent = self._far, self._sent
        if self._raised is not None and not self._raise_allowed:
            self._refuse("an answer, and the arguments left as they were", because=because)
        ref = 0 if self._raised is not None else self._ref
        if far is None or ref is None or sent is None:
            raise TypeError("must_not_change_its_arguments() belongs to the answer of a call")
        changed = arguments_changed(sent, far.arguments(ref))
        if changed:
            raise Unmet(
                Finding(self._call, changed, "the arguments left as they were", note=because)
            )
        return self

    def _allow_raise(self) -> None:
        self._raise_allowed = True

    # ── going on with an object that stayed on the far side ──

    def _object(self) -> tuple[Far, int]:
        if self._raised is not None:
            self._refuse("a value to look at")
        if self._ref is None and self._within is not None:
            self._reach(*self._within)
        if self._far is None or self._ref is None:
            raise TypeError(f"{self._call} is a plain value: use as_…() or must_…()")
        return self._far, self._ref

    def _reach(self, whole: "Answer", place: int) -> None:
        """Take hold of an item on the far side, whose value is known here already."""
        far, ref = whole._object()
        outcome = far.item(ref, place)
        self._ref, self._raised = outcome.ref, outcome.raised
        if self._raised is not None:
            self._refuse("a value to look at")

    def _ref_on(self, far: Far) -> int | None:
        """Return the far side's number for the object, where it has one there."""
        if self._far is not far or (self._ref is None and self._within is None):
            return None
        return self._object()[1]

    def __getattr__(self, name: str) -> "Answer":
        if name in _WAITED_FOR:
            self._ref = self._outcome.ref
            self._value = self._outcome.value
            self._raised = self._outcome.raised
            known: Answer = getattr(self, name)
            return known
        if name.startswith(("__", "must_", "as_")):
            raise AttributeError(f"an answer has no word {name!r}")
        far, ref = self._object()

        def call() -> str:
            return f"{self._call}.{name}" if self._call else name

        return Answer(call, far.get(ref, name), far)

    def __call__(self, *args: Any, **kwargs: Any) -> "Answer":
        far, ref = self._object()

        def call() -> str:
            return show_call(self._call, args, kwargs)

        far.doing = call
        return Answer(call, far.begin(ref, args, kwargs), far, (args, kwargs))

    def __getitem__(self, key: Any) -> "Answer":
        if self._ref is None and self._within is None and self._raised is None:
            return self._item_here(key)

        def call() -> str:
            return f"{self._call}[{show(key)}]"

        known = self._value
        if isinstance(known, list | tuple) and type(key) is int and -len(known) <= key < len(known):
            item = Answer(call, Outcome(value=known[key]), self._far)
            item._within = (self, key)
            return item
        far, ref = self._object()
        return Answer(call, far.item(ref, key), far)

    def _item_here(self, key: Any) -> "Answer":
        """Return an item of a value that is not kept on the far side, such as parsed JSON."""
        try:
            item = plain(self._value)[key]
        except (KeyError, IndexError, TypeError):
            self._refuse(f"something with an item {show(key)}")
        return Answer(f"{self._call}[{show(key)}]", Outcome(value=item))

    def __iter__(self) -> Iterator["Answer"]:
        far, ref = self._object()
        source = Answer(f"iter({self._call})", far.iterate(ref), far)
        source_ref = source._object()[1]
        for place in count():
            outcome = far.next(source_ref)
            if outcome.raised is not None and "StopIteration" in outcome.raised.types:
                return
            if place == MOST_ITEMS:
                raise Unmet(Finding(self._call, f"more than {MOST_ITEMS} items", "an end"))
            yield Answer(f"item {place} of {self._call}", outcome, far)

    def __enter__(self) -> "Answer":
        far, ref = self._object()
        return Answer(self._call, far.enter(ref), far)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        far, ref = self._object()
        left = Answer(f"leaving {self._call}", far.exit(ref), far)
        if error is None:
            left.as_value()

    def len(self) -> "Answer":
        """Return `len()` of the object."""
        far, ref = self._object()
        method = far.get(ref, "__len__")
        outcome = far.call(method.ref, (), {}) if method.ref is not None else method
        return Answer(f"len({self._call})", outcome, far)

    def now(self) -> "Answer":
        """Return the same object's value as it is now (after calls that may have changed it)."""
        far, ref = self._object()
        return Answer(f"{self._call}, afterwards", far.fetch(ref), far)

    def replace(self, name: str, value: Any) -> None:
        """Set an attribute of the object."""
        far, ref = self._object()
        Answer(f"{self._call}.{name} = {show(value)}", far.set(ref, name, value)).as_value()


def observe(label: str, value: Any) -> Answer:
    """Return an answer for something that the check computed itself; `label` says what it is."""
    kept = item_of(value) if isinstance(value, np.number) else value
    return Answer(label, Outcome(value=kept))
