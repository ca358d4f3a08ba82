"""Where the primitive choices of a draw come from: a seed, Hypothesis, or a recorded run."""

import zlib
from collections.abc import Callable
from typing import Any

import msgpack
import numpy as np

Choice = int | float | np.ndarray

ELEMENTWISE = 24
"""Arrays of at most this many entries are shrunk entry by entry."""


class SeededSource:
    """Choices from a NumPy generator; `tilt` makes every choice the lowest or the highest."""

    tries = 200

    def __init__(self, rng: np.random.Generator, tilt: str = "") -> None:
        self._rng = rng
        self._tilt = tilt
        self.tries = 3 if tilt else 200
        self.choices: list[Choice] = []

    def integer(self, low: int, high: int) -> int:
        """Choose a whole number of the closed range, the ends a little more often."""
        if self._tilt:
            value = low if self._tilt == "low" else high
        elif self._rng.random() < 0.1:
            value = low if self._rng.random() < 0.5 else high
        else:
            value = int(self._rng.integers(low, high, endpoint=True))
        self.choices.append(value)
        return value

    def real(self, low: float, high: float) -> float:
        """Choose a number of the closed range, ends and zero a little more often."""
        value = float(self.array((1,), low, high, keep=False)[0])
        self.choices.append(value)
        return value

    def array(
        self, shape: tuple[int, ...], low: float, high: float, keep: bool = True
    ) -> np.ndarray:
        """Choose an array of the closed range; some are constant, whole or near zero."""
        nearest = min(max(0.0, low), high)
        if self._tilt:
            values = np.full(shape, nearest if self._tilt == "low" else high)
        else:
            values = self._rng.uniform(low, high, size=shape)
            manner = self._rng.random()
            if manner < 0.05:
                values = np.full(shape, values.flat[0] if values.size else 0.0)
            elif manner < 0.25:
                values = np.clip(np.rint(values), low, high)
            elif manner < 0.3:
                values = nearest + (values - nearest) * 1e-2
        if keep:
            self.choices.append(values)
        return values


class HypothesisSource:
    """Choices from Hypothesis, so that a failing input can be shrunk."""

    tries = 3
    """How often `where` tries again: Hypothesis itself comes back with another input."""

    def __init__(self, draw: Callable[[Any], Any]) -> None:
        from hypothesis import strategies

        self._draw = draw
        self._strategies = strategies
        self.choices: list[Choice] = []

    def integer(self, low: int, high: int) -> int:
        """Choose a whole number of the closed range; shrinks towards its low end."""
        value: int = self._draw(self._strategies.integers(low, high))
        self.choices.append(value)
        return value

    def real(self, low: float, high: float) -> float:
        """Choose a number of the closed range; shrinks towards zero and whole numbers."""
        value: float = self._draw(self._strategies.floats(low, high, allow_nan=False))
        self.choices.append(value)
        return value

    def array(self, shape: tuple[int, ...], low: float, high: float) -> np.ndarray:
        """Choose an array, entry by entry where it is small, else from a seed."""
        size = int(np.prod(shape, dtype=np.int64))
        if size > ELEMENTWISE:
            seed = self._draw(self._strategies.integers(0, 2**31 - 1))
            values = np.random.default_rng(seed).uniform(low, high, size=shape)
        else:
            number = self._strategies.floats(low, high, allow_nan=False)
            whole = self._strategies.integers(int(np.ceil(low)), int(np.floor(high)))
            entry = self._strategies.one_of(whole, number) if high - low >= 1 else number
            entries = self._draw(self._strategies.lists(entry, min_size=size, max_size=size))
            values = np.array(entries, dtype=np.float64).reshape(shape)
        self.choices.append(values)
        return values


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
