"""The `must_…` methods: the only assertions that a check makes.

Each compares what came back with what is allowed and raises `Unmet` with a finding; none
computes on the far side.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn, Self

import numpy as np

from gradus.check import margins
from gradus.check.bounds import mean_bound
from gradus.check.compare import (
    close_difference,
    equal_difference,
    kind_of,
    kinds,
    numeric_array,
    plain,
)
from gradus.check.far import Raised, Text, Unmet
from gradus.check.rows import rows_difference, rows_text
from gradus.check.show import show
from gradus.core.values import Handle
from gradus.core.verdict import Finding

FORM_ERRORS = (
    TypeError,
    ValueError,
    KeyError,
    IndexError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    MemoryError,
)
ROUNDING = 1e-3
"""Tolerances up to this one allow for last digits; only a wider one bounds a statistic."""
MOST_MATCHED = 100_000
"""Characters of a text in which a pattern is looked for."""


def settled(value: Any) -> Any:
    """Return the plain value of an answer, or the value itself."""
    from_answer = getattr(value, "as_value", None)
    return from_answer() if from_answer is not None else value


class Assertions:
    """What an author may demand of an answer."""

    __slots__ = ()

    _raised: Raised | None
    _value: Any

    def _refuse(self, expected: Text, note: str = "", because: str = "") -> NoReturn:
        raised = self._raised
        raise Unmet(
            Finding(
                call=self._told(),
                returned=raised.told if raised else show(self._value),
                expected=expected if isinstance(expected, str) else expected(),
                frames=raised.frames if raised else (),
                note=" ".join(each for each in (note, because) if each),
            )
        )

    def _told(self) -> str:
        """Return the call that made the answer, as a learner reads it."""
        raise NotImplementedError

    def _allow_raise(self) -> None:
        """Take note that an exception was demanded and came."""

    def _note(self, low: float | None = None, high: float | None = None) -> None:
        """Note how far an observed number stays from its bound, where somebody measures that."""
        if margins.is_noting() and getattr(self, "_far", self) is None:
            margins.note(self._told(), self._value, low, high)

    def _returned(self, expected: Text, because: str = "") -> Any:
        if self._raised is not None:
            self._refuse(expected, because=because)
        return self._value

    def must_be_close_to(
        self, expected: Any, rtol: float = 1e-7, atol: float = 1e-9, because: str = ""
    ) -> Self:
        """Demand numbers within `atol + rtol * |expected|`, shape by shape; NaN equals NaN."""
        expected = settled(expected)
        value = self._returned(lambda: show(expected), because)
        if isinstance(expected, float) and max(rtol, atol) > ROUNDING:
            room = atol + rtol * abs(expected)
            self._note(expected - room, expected + room)
        difference = close_difference(value, expected, rtol, atol)
        if difference is not None:
            self._refuse(show(expected), difference, because)
        return self

    def must_equal(self, expected: Any, because: str = "") -> Self:
        """Demand equality; list and tuple agree, a bool is not an int."""
        expected = settled(expected)
        value = self._returned(lambda: show(expected), because)
        difference = equal_difference(value, expected)
        if difference is not None:
            self._refuse(show(expected), difference, because)
        return self

    def must_differ_from(self, other: Any, because: str = "") -> Self:
        """Demand a value that is not equal to another."""
        other = settled(other)

        def expected() -> str:
            return f"something other than {show(other)}"

        if equal_difference(self._returned(expected, because), other) is None:
            self._refuse(expected, because=because)
        return self

    def must_raise(
        self,
        *kinds_of_error: type[BaseException] | str,
        saying: str | Iterable[str] = (),
        because: str = "",
    ) -> Self:
        """Demand an exception of one of these classes whose message holds each of `saying`."""
        names = [each if isinstance(each, str) else each.__name__ for each in kinds_of_error]
        expected = f"{' or '.join(names) or 'an exception'}"
        raised = self._raised
        if raised is None or (names and not set(names) & set(raised.types)):
            self._refuse(f"it to raise {expected}", because=because)
        parts = [saying] if isinstance(saying, str) else saying
        for part in parts:
            if part not in raised.message:
                self._refuse(
                    f"it to raise {expected} with {part!r} in its message", because=because
                )
        self._allow_raise()
        return self

    def must_be_a(self, *words: str, because: str = "") -> Self:
        """Demand a kind: array, tensor, table, number, int, float, bool, text, list, dict, none…"""
        expected = " or ".join(words)
        value = self._returned(expected, because)
        if not kinds(value) & set(words):
            self._refuse(expected, f"It is {kind_of(value)}.", because)
        return self

    def must_have_shape(self, shape: tuple[int, ...], because: str = "") -> Self:
        """Demand an array, tensor or nested list of this shape."""
        expected = f"shape {shape}"
        array = numeric_array(self._returned(expected, because))
        if array is None:
            self._refuse(expected, f"It is {kind_of(self._value)}.", because)
        if array.shape != tuple(shape):
            self._refuse(expected, f"Its shape is {array.shape}.", because)
        return self

    def must_have_dtype(self, *names: str, because: str = "") -> Self:
        """Demand an array or tensor of one of these dtypes, such as `float64`."""
        expected = " or ".join(names)
        value = self._returned(expected, because)
        dtype = str(getattr(value, "dtype", ""))
        if dtype not in names:
            self._refuse(expected, f"Its dtype is {dtype or kind_of(value)}.", because)
        return self

    def must_have_rows(
        self,
        rows: Sequence[tuple[Any, ...]],
        columns: Sequence[str],
        ordered: bool = False,
        because: str = "",
    ) -> Self:
        """Demand a table of exactly these rows, in any order unless `ordered`."""
        expected = rows_text(rows, columns, ordered)
        difference = rows_difference(self._returned(expected, because), rows, columns, ordered)
        if difference is not None:
            self._refuse(expected, difference, because)
        return self

    def must_be_finite(self, because: str = "") -> Self:
        """Demand numbers without NaN and infinity."""
        return self._every(np.isfinite, "finite numbers", because)

    def must_be_at_least(self, bound: float, because: str = "") -> Self:
        """Demand that every number is at least `bound`."""
        self._note(low=bound)
        return self._every(lambda a: a >= bound, f"at least {show(bound)}", because)

    def must_be_at_most(self, bound: float, because: str = "") -> Self:
        """Demand that every number is at most `bound`."""
        self._note(high=bound)
        return self._every(lambda a: a <= bound, f"at most {show(bound)}", because)

    def must_be_above(self, bound: float, because: str = "") -> Self:
        """Demand that every number is greater than `bound`."""
        self._note(low=bound)
        return self._every(lambda a: a > bound, f"more than {show(bound)}", because)

    def must_be_below(self, bound: float, because: str = "") -> Self:
        """Demand that every number is smaller than `bound`."""
        self._note(high=bound)
        return self._every(lambda a: a < bound, f"less than {show(bound)}", because)

    def must_be_between(self, low: float, high: float, because: str = "") -> Self:
        """Demand that every number lies in the closed range."""
        self._note(low, high)
        expected = f"between {show(low)} and {show(high)}"
        return self._every(lambda a: (a >= low) & (a <= high), expected, because)

    def _every(self, allowed: Callable[[np.ndarray], Any], expected: str, because: str) -> Self:
        array = numeric_array(self._returned(expected, because))
        if array is None or array.dtype.kind == "b":
            self._refuse(expected, f"It is {kind_of(self._value)}.", because)
        with np.errstate(all="ignore"):
            if array.dtype.kind == "c" and expected != "finite numbers":
                self._refuse(expected, "It is complex.", because)
            fine = allowed(array)
        if not fine.all():
            note = ""
            if array.ndim:
                place = tuple(np.argwhere(~fine)[0])
                note = f"At [{', '.join(map(str, place))}] it is {show(array[place])}."
            self._refuse(expected, note, because)
        return self

    def must_be_one_of(self, values: Iterable[Any], because: str = "") -> Self:
        """Demand one of a few values."""
        allowed = list(values)
        expected = f"one of {', '.join(map(show, allowed))}"
        value = self._returned(expected, because)
        if all(equal_difference(value, each) is not None for each in allowed):
            self._refuse(expected, because=because)
        return self

    def must_contain(self, part: Any, because: str = "") -> Self:
        """Demand that a text, list, dict or set holds `part`."""
        expected = f"something with {show(part)} in it"
        if not self._holds(part, self._returned(expected, because), expected, because):
            self._refuse(expected, because=because)
        return self

    def must_not_contain(self, part: Any, because: str = "") -> Self:
        """Demand that a text, list, dict or set does not hold `part`."""
        expected = f"nothing with {show(part)} in it"
        if self._holds(part, self._returned(expected, because), expected, because):
            self._refuse(expected, because=because)
        return self

    def _holds(self, part: Any, value: Any, expected: str, because: str) -> bool:
        try:
            return part in plain(value)
        except FORM_ERRORS:
            self._refuse(expected, f"It is {kind_of(value)}.", because)

    def must_match(self, pattern: str, because: str = "") -> Self:
        """Demand a text in which a regular expression is found."""
        expected = f"a text that matches {pattern}"
        value = self._returned(expected, because)
        if isinstance(value, str) and len(value) > MOST_MATCHED:
            self._refuse(expected, f"It has {len(value):,} characters.", because)
        if not isinstance(value, str) or re.search(pattern, value) is None:
            self._refuse(expected, because=because)
        return self

    def must_satisfy(
        self, expected: str, predicate: Callable[[Any], Any], because: str = ""
    ) -> Self:
        """Demand that the value does what `expected` says after "expected it to …".

        `predicate` gets the plain value; a value of the wrong form fails it.
        """
        expected = f"it to {expected}"
        value = self._returned(expected, because)
        try:
            holds = bool(predicate(plain(value)))
        except FORM_ERRORS:
            self._refuse(expected, f"It is {kind_of(value)}.", because)
        if not holds:
            self._refuse(expected, because=because)
        return self

    def must_average_at_least(
        self, bound: float, confidence: float = 0.99, because: str = ""
    ) -> Self:
        """Demand that a mean over seeds is at least `bound`, by a one-sided Student-t bound."""
        return self._average("at least", bound, confidence, because)

    def must_average_at_most(
        self, bound: float, confidence: float = 0.99, because: str = ""
    ) -> Self:
        """Demand that a mean over seeds is at most `bound`, by a one-sided Student-t bound."""
        return self._average("at most", bound, confidence, because)

    def _average(self, side: str, bound: float, confidence: float, because: str) -> Self:
        sign = 1.0 if side == "at least" else -1.0
        expected = f"{side} {show(bound)} on average, with {confidence:.0%} confidence"
        array = numeric_array(self._returned(expected, because))
        if array is None or array.ndim != 1 or not np.isfinite(array).all():
            self._refuse(expected, because=because)
        if array.dtype.kind == "c":
            self._refuse(expected, "It is complex.", because)
        if len(array) < 2:
            self._refuse(expected, f"That takes 2 numbers or more; it has {len(array)}.", because)
        worst = sign * mean_bound(sign * array.astype(float), confidence)
        if margins.is_noting():
            margins.note(self._told(), sign * worst, sign * bound, None)
        if sign * worst < sign * bound:
            note = f"Over {len(array)} seeds the mean is {array.mean():.4g}"
            self._refuse(expected, f"{note}, and no more than {worst:.4g} is certain.", because)
        return self


def arguments_changed(before: Any, after: Any) -> str | None:
    """Return which argument of a call is no longer what it was, or None."""
    (args, kwargs), (args_now, kwargs_now) = before, after
    if len(args) != len(args_now):
        return f"{len(args_now)} arguments instead of {len(args)}"
    for place, (old, new) in enumerate(zip(args, args_now, strict=False)):
        if _changed(new, old):
            return f"argument {place + 1} became {show(new)}; it was {show(settled(old))}"
    for name, old in kwargs.items():
        if _changed(kwargs_now.get(name), old):
            return f"{name} became {show(kwargs_now.get(name))}; it was {show(settled(old))}"
    return None


def _changed(new: Any, old: Any) -> bool:
    """Return whether an argument differs from what was sent; objects and functions are not sent."""
    old = settled(old)
    stays_here = isinstance(old, Handle) or callable(old)
    return not stays_here and equal_difference(new, old) is not None
