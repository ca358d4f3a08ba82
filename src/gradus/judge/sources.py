"""Where the primitive choices of a draw come from: a seed, a wish, or a recorded run."""

import math
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgpack
import numpy as np

Choice = int | float | np.ndarray

_WORD, _LOW = 2**32, 2**32 - 1
_STEP = 2.0**-53
_HALF = 2**52
_TENTH = 0.1 * 2**53


class Stream:
    """The generator of one example, made when something is first drawn from it.

    Its numbers are those that `numpy.random.Generator` draws from the same entropy. Single ones
    are made from raw words here, since NumPy takes several times as long for a call.
    """

    def __init__(self, entropy: Iterable[int]) -> None:
        self._entropy = entropy
        self._half: int | None = None

    @cached_property
    def _bits(self) -> np.random.PCG64:
        return np.random.PCG64(_words(self._entropy))

    @cached_property
    def word(self) -> Callable[[], int]:
        """Return the next 64 bits, as a function."""
        return self._bits.random_raw

    def uniform(self, low: float, high: float, shape: tuple[int, ...]) -> np.ndarray:
        """Choose an array evenly."""
        return np.random.Generator(self._bits).uniform(low, high, size=shape)

    def integer(self, low: int, high: int) -> int:
        """Choose a whole number evenly, by Lemire's method on halves of words."""
        size = high - low + 1
        if size > _WORD:
            return int(np.random.Generator(self._bits).integers(low, high, endpoint=True))
        if size == 1:
            return low
        while True:
            product = self._half_word() * size
            rest = product & _LOW
            if rest >= size or rest >= _WORD % size:
                return low + (product >> 32)

    def _half_word(self) -> int:
        if self._half is not None:
            half, self._half = self._half, None
            return half
        word = self.word()
        self._half = word >> 32
        return word & _LOW


def _words(entropy: Iterable[int]) -> np.ndarray:
    """Return numbers as the words that NumPy makes of them, which it does slowly for a list."""
    words = []
    for number in entropy:
        words.append(number & _LOW)
        while number := number >> 32:
            words.append(number & _LOW)
    return np.asarray(words, np.uint32)


def _within(value: float, low: float, high: float) -> float:
    """Return the number of a range that is nearest, as a float: an author may write `(1, 9)`."""
    return float(min(max(value, low), high))


class SeededSource:
    """Choices from a seeded stream; `tilt` makes every choice the lowest or the highest."""

    def __init__(self, stream: Stream, tilt: str = "") -> None:
        self._stream = stream
        self._tilt = tilt
        self.tries = 3 if tilt else 200
        self.choices: list[Choice] = []

    def forget(self, n_choices: int) -> None:
        """Leave out all choices after the first so many."""
        del self.choices[n_choices:]

    def integer(self, low: int, high: int) -> int:
        """Choose a whole number of the closed range, the ends a little more often."""
        if self._tilt:
            value = low if self._tilt == "low" else high
        elif self._stream.word() >> 11 < _TENTH:
            value = low if self._stream.word() >> 11 < _HALF else high
        else:
            value = self._stream.integer(low, high)
        self.choices.append(value)
        return value

    def real(self, low: float, high: float) -> float:
        """Choose a number of the closed range, ends and zero a little more often."""
        nearest = _within(0.0, low, high)
        if self._tilt:
            value = nearest if self._tilt == "low" else high
        else:
            value = low + (high - low) * ((self._stream.word() >> 11) * _STEP)
            manner = (self._stream.word() >> 11) * _STEP
            if 0.05 <= manner < 0.25:
                value = _within(math.copysign(round(value), value), low, high)
            elif 0.25 <= manner < 0.3:
                value = nearest + (value - nearest) * 1e-2
        value = float(value)
        self.choices.append(value)
        return value

    def array(self, shape: tuple[int, ...], low: float, high: float) -> np.ndarray:
        """Choose an array of the closed range; some are constant, whole or near zero."""
        nearest = _within(0.0, low, high)
        if self._tilt:
            values = np.full(shape, nearest if self._tilt == "low" else high)
        else:
            values = self._stream.uniform(low, high, shape)
            manner = (self._stream.word() >> 11) * _STEP
            if manner < 0.05 and values.size:
                values = np.full(shape, values.flat[0])
            elif manner < 0.25:
                values = np.clip(np.rint(values), low, high)
            elif manner < 0.3:
                values = nearest + (values - nearest) * 1e-2
        self.choices.append(values)
        return values


@dataclass(frozen=True, slots=True)
class Made:
    """One choice with the range that it was made from."""

    value: Choice
    """What was chosen."""
    low: float
    """The least that could be."""
    high: float
    """The most that could be."""

    @property
    def simplest(self) -> float:
        """The simplest to read: the low end of whole numbers, of others what is nearest to 0."""
        return self.low if isinstance(self.value, int) else _within(0.0, self.low, self.high)


class Refitted:
    """Choices that are wanted, made to fit what is asked for; the simplest where none is left."""

    tries = 1

    def __init__(self, wanted: Sequence[Choice], *, tails: bool = False) -> None:
        self._wanted = wanted
        self._next = 0
        self._tails = tails
        self.made: list[Made] = []

    @property
    def choices(self) -> list[Choice]:
        """What was chosen, in order."""
        return [each.value for each in self.made]

    def forget(self, n_choices: int) -> None:
        """Leave out all choices after the first so many."""
        del self.made[n_choices:]

    def integer(self, low: int, high: int) -> int:
        """Return the whole number that is wanted next, or the end of the range that is nearer."""
        wanted = self._take(int)
        value = low if wanted is None else min(max(wanted, low), high)
        self.made.append(Made(value, low, high))
        return value

    def real(self, low: float, high: float) -> float:
        """Return the number that is wanted next, or the end of the range that is nearer."""
        wanted = self._take(float)
        value = _within(0.0 if wanted is None else wanted, low, high)
        self.made.append(Made(value, low, high))
        return value

    def array(self, shape: tuple[int, ...], low: float, high: float) -> np.ndarray:
        """Return the array that is wanted next, cut to a shape or filled up with the simplest."""
        wanted = self._take(np.ndarray)
        nearest = _within(0.0, low, high)
        values = np.full(shape, nearest)
        if wanted is not None:
            _lay_over(values, np.clip(wanted, low, high), self._tails)
        self.made.append(Made(values, low, high))
        return values

    def _take(self, kind: type) -> Any:
        """Return the next choice where it is of a kind."""
        if self._next < len(self._wanted) and isinstance(self._wanted[self._next], kind):
            self._next += 1
            return self._wanted[self._next - 1]
        return None


def _lay_over(values: np.ndarray, others: np.ndarray, tails: bool) -> None:
    """Write the heads of other values over the heads of these, or tails over tails."""
    if values.ndim != others.ndim:
        values, others = values.ravel(), others.ravel()
    common = [min(pair) for pair in zip(values.shape, others.shape, strict=True)]
    if tails:
        starts = [
            (v - n, o - n) for v, o, n in zip(values.shape, others.shape, common, strict=True)
        ]
        into, out = zip(*((slice(v, None), slice(o, None)) for v, o in starts), strict=True)
    else:
        into = out = tuple(slice(each) for each in common)
    values[into] = others[out]


class RecordedSource:
    """The choices of an earlier run, in their order."""

    tries = 200

    def __init__(self, choices: Iterable[Choice]) -> None:
        self._rest = iter(choices)
        self.choices: list[Choice] = []

    def forget(self, n_choices: int) -> None:
        """Leave out all choices after the first so many."""
        del self.choices[n_choices:]

    def integer(self, low: int, high: int) -> int:
        """Return the next recorded choice."""
        return int(self._take())

    def real(self, low: float, high: float) -> float:
        """Return the next recorded choice."""
        return float(self._take())

    def array(self, shape: tuple[int, ...], low: float, high: float) -> np.ndarray:
        """Return the next recorded choice."""
        return np.asarray(self._take())

    def _take(self) -> Any:
        self.choices.append(next(self._rest))
        return self.choices[-1]


def pack(recorded: Any) -> bytes:
    """Return recorded choices (nested lists, dicts, numbers, arrays) as compressed bytes."""
    return zlib.compress(msgpack.packb(recorded, default=_pack_array))


def unpack(content: bytes) -> Any:
    """Return what `pack` packed."""
    return msgpack.unpackb(zlib.decompress(content), ext_hook=_unpack_array, strict_map_key=False)


def _pack_array(value: Any) -> msgpack.ExtType:
    if not isinstance(value, np.ndarray):
        raise TypeError(f"a choice of type {type(value).__name__} cannot be recorded")
    head = msgpack.packb([value.shape, value.dtype.str])
    return msgpack.ExtType(1, len(head).to_bytes(4, "big") + head + value.tobytes())


def _unpack_array(code: int, content: bytes) -> np.ndarray:
    length = int.from_bytes(content[:4], "big")
    shape, dtype = msgpack.unpackb(content[4 : 4 + length])
    return np.frombuffer(content[4 + length :], dtype=dtype).reshape(shape)
