"""Where the primitive choices of a draw come from: a seed, Hypothesis, or a recorded run."""

import math
import zlib
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from typing import Any

import msgpack
import numpy as np

Choice = int | float | np.ndarray

ELEMENTWISE = 24
"""Arrays of at most this many entries are shrunk entry by entry."""

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
        return np.random.PCG64(np.random.SeedSequence(_words(self._entropy)))

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
            if rest >= size or rest >= (_WORD - size) % size:
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
    return np.array(words, np.uint32)


class SeededSource:
    """Choices from a seeded stream; `tilt` makes every choice the lowest or the highest."""

    tries = 200

    def __init__(self, stream: Stream, tilt: str = "") -> None:
        self._stream = stream
        self._tilt = tilt
        self.tries = 3 if tilt else 200
        self.choices: list[Choice] = []

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
        nearest = min(max(0.0, low), high)
        if self._tilt:
            value = nearest if self._tilt == "low" else high
        else:
            value = low + (high - low) * ((self._stream.word() >> 11) * _STEP)
            manner = (self._stream.word() >> 11) * _STEP
            if 0.05 <= manner < 0.25:
                value = min(max(math.copysign(round(value), value), low), high)
            elif 0.25 <= manner < 0.3:
                value = nearest + (value - nearest) * 1e-2
        value = float(value)
        self.choices.append(value)
        return value

    def array(self, shape: tuple[int, ...], low: float, high: float) -> np.ndarray:
        """Choose an array of the closed range; some are constant, whole or near zero."""
        nearest = min(max(0.0, low), high)
        if self._tilt:
            values = np.full(shape, nearest if self._tilt == "low" else high)
        else:
            values = self._stream.uniform(low, high, shape)
            manner = (self._stream.word() >> 11) * _STEP
            if manner < 0.05:
                values = np.full(shape, values.flat[0] if values.size else 0.0)
            elif manner < 0.25:
                values = np.clip(np.rint(values), low, high)
            elif manner < 0.3:
                values = nearest + (values - nearest) * 1e-2
        self.choices.append(values)
        return values


class HypothesisSource:
    """Choices from Hypothesis, so that a failing input can be shrunk."""

    tries = 3
    """How often `where` tries again: Hypothesis itself comes back with another input."""

    def __init__(self, draw: Callable[[Any], Any]) -> None:
        self._draw = draw
        self.choices: list[Choice] = []

    def integer(self, low: int, high: int) -> int:
        """Choose a whole number of the closed range; shrinks towards its low end."""
        value: int = self._draw(_integers(low, high))
        self.choices.append(value)
        return value

    def real(self, low: float, high: float) -> float:
        """Choose a number of the closed range; shrinks towards zero and whole numbers."""
        value: float = self._draw(_floats(low, high))
        self.choices.append(value)
        return value

    def array(self, shape: tuple[int, ...], low: float, high: float) -> np.ndarray:
        """Choose an array, entry by entry where it is small, else from a seed."""
        size = math.prod(shape)
        if size > ELEMENTWISE:
            seed = self._draw(_integers(0, 2**31 - 1))
            values = np.random.default_rng(seed).uniform(low, high, size=shape)
        else:
            entries = self._draw(_entries(size, low, high))
            values = np.array(entries, dtype=np.float64).reshape(shape)
        self.choices.append(values)
        return values


# Hypothesis looks at a strategy once, and takes longer for that than for a draw from it.


@lru_cache(maxsize=256)
def _integers(low: int, high: int) -> Any:
    from hypothesis import strategies

    return strategies.integers(low, high)


@lru_cache(maxsize=256)
def _floats(low: float, high: float) -> Any:
    from hypothesis import strategies

    return strategies.floats(low, high, allow_nan=False)


@lru_cache(maxsize=256)
def _entries(size: int, low: float, high: float) -> Any:
    """Return the strategy of so many numbers of a closed range, whole ones being simpler."""
    from hypothesis import strategies

    entry = _floats(low, high)
    if high - low >= 1:
        entry = strategies.one_of(_integers(math.ceil(low), math.floor(high)), entry)
    return strategies.lists(entry, min_size=size, max_size=size)


class RecordedSource:
    """The choices of an earlier run, in their order."""

    tries = 200

    def __init__(self, choices: list[Choice]) -> None:
        self.choices = choices
        self._rest = iter(choices)

    def integer(self, low: int, high: int) -> int:
        """Return the next recorded choice."""
        return int(next(self._rest))

    def real(self, low: float, high: float) -> float:
        """Return the next recorded choice."""
        return float(next(self._rest))

    def array(self, shape: tuple[int, ...], low: float, high: float) -> np.ndarray:
        """Return the next recorded choice."""
        return np.asarray(next(self._rest))


def pack(recorded: Any) -> bytes:
    """Return recorded choices (nested lists, dicts, numbers, arrays) as compressed bytes."""
    return zlib.compress(msgpack.packb(recorded, default=_pack_array))


def unpack(content: bytes) -> Any:
    """Return what `pack` packed."""
    return msgpack.unpackb(zlib.decompress(content), ext_hook=_unpack_array, strict_map_key=False)


def _pack_array(value: Any) -> msgpack.ExtType:
    if not isinstance(value, np.ndarray):
        raise TypeError(f"a choice of type {type(value).__name__} cannot be recorded")
    head = msgpack.packb([list(value.shape), value.dtype.str])
    return msgpack.ExtType(1, len(head).to_bytes(4, "big") + head + value.tobytes())


def _unpack_array(code: int, content: bytes) -> np.ndarray:
    length = int.from_bytes(content[:4], "big")
    shape, dtype = msgpack.unpackb(content[4 : 4 + length])
    return np.frombuffer(content[4 + length :], dtype=dtype).reshape(shape)
