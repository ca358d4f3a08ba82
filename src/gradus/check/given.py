"""What a check hands to the learner's code besides plain values, and what it may look at.

Nothing here runs the learner's code.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradus.check.answers import Answer
from gradus.check.far import Awaited, Far, Outcome
from gradus.check.show import show
from gradus.core.values import Table, Tensor

MOST_KEPT = 10_000_000
"""Values in the arguments of all calls of a stub: the judge keeps them, and its memory ends."""
_A_CONTAINER = 10
"""As many numbers as a list or a call takes as much memory as."""


class Stub:
    """A function that the learner's code is given; it runs in the judge and is counted."""

    def __init__(self, function: Callable[..., Any], name: str | None = None) -> None:
        self.function = function
        self.name = name or getattr(function, "__name__", "function").replace(
            "<lambda>", "function"
        )
        self.calls: list[tuple[Any, ...]] = []
        self._n_kept = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        call = (*args, *kwargs.values())
        self._n_kept += _n_values(call)
        if self._n_kept > MOST_KEPT:
            raise ValueError(f"{self.name} was given more than {MOST_KEPT:,} values in all")
        self.calls.append(call)
        return self.function(*args, **kwargs)

    def as_argument(self) -> str:
        """Return the name that a learner reads."""
        return self.name


def _n_values(value: Any) -> int:
    """Return about how many numbers take as much memory as a plain value."""
    if isinstance(value, dict):
        return _A_CONTAINER + _n_values([*value, *value.values()])
    if isinstance(value, list | tuple | set | frozenset):
        return _A_CONTAINER + sum(map(_n_values, value))
    if isinstance(value, str | bytes):
        return 1 + len(value) // 8
    if isinstance(value, Tensor):
        return _n_values(value.array)
    if isinstance(value, Table):
        return _A_CONTAINER + int(value.arrow.nbytes) // 8
    return _A_CONTAINER + value.nbytes // 8 if isinstance(value, np.ndarray) else 1


@dataclass(frozen=True, slots=True)
class Usage:
    """What the kernel says of the learner's process."""

    cpu_seconds: float
    """CPU seconds so far."""
    peak_mb: float
    """Largest resident MiB so far."""


@dataclass(frozen=True, slots=True)
class Defined:
    """A public name that the learner's module defines."""

    name: str
    """The name."""
    kind: str
    """`function`, `class` or `other`."""
    parameters: tuple[str, ...]
    """For a function: the names of its parameters."""

    @property
    def n_parameters(self) -> int:
        """How many parameters a function has."""
        return len(self.parameters)


def stub(function: Callable[..., Any], name: str | None = None) -> Stub:
    """Return a counted function to hand to the learner; `.calls` holds its argument tuples."""
    return Stub(function, name)


def tensor(array: Any, dtype: str | None = None, requires_grad: bool = False) -> Tensor:
    """Return a CPU tensor for the child; floats become float32 unless `dtype` says otherwise."""
    values = np.asarray(array)
    if dtype is None:
        dtype = "float32" if values.dtype.kind == "f" else str(values.dtype)
    if dtype == "bfloat16":
        return Tensor(_to_bfloat16(values.astype("float32")), dtype, requires_grad)
    return Tensor(values.astype(dtype), dtype, requires_grad)


def _to_bfloat16(values: np.ndarray) -> np.ndarray:
    """Round float32 to what bfloat16 holds, ties to even, so that it comes back as it went."""
    bits = values.view("uint32")
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000
    return np.where(np.isnan(values), values, rounded.astype("uint32").view("float32"))


def table(
    columns: Mapping[str, Sequence[Any] | np.ndarray],
    types: Mapping[str, str] | None = None,
    kind: str = "pandas",
) -> Table:
    """Return a table for the child; `None` is null, `types` is needed where a column is empty."""
    import pyarrow

    known = {
        "int64": pyarrow.int64(),
        "float64": pyarrow.float64(),
        "string": pyarrow.string(),
        "bool": pyarrow.bool_(),
        "timestamp": pyarrow.timestamp("us"),
        "date": pyarrow.date32(),
    }
    for name, each in (types or {}).items():
        if each not in known:
            raise ValueError(f"table: {name} is {each}, which is none of {', '.join(known)}")
    arrays = {
        name: pyarrow.array(values, type=known[types[name]] if types and name in types else None)
        for name, values in columns.items()
    }
    return Table(pyarrow.table(arrays), kind)


def _far_of(work: Any) -> Far:
    far: Far = work._far
    return far


def put(work: Any, value: Any) -> Answer:
    """Send a value to the far side and keep it there, so that several calls get the same object."""
    far = _far_of(work)
    kept = far.put(value)
    sent = Awaited(lambda: Outcome(kept.ref, value, kept.raised))
    return Answer(lambda: show(value), sent, far)


def usage(work: Any) -> Usage:
    """Return what the kernel says of the learner's process: for ratios, never for seconds."""
    return Usage(*_far_of(work).usage())


def raised(answer: Answer) -> str | None:
    """Return what a call raised, as a learner reads it, or None; never a finding by itself."""
    fault = answer._raised
    return None if fault is None else fault.told


def public(work: Any) -> list[Defined]:
    """Return the public names that the learner's module defines, in their order."""
    ref = work._object()[1]
    return [
        Defined(each["name"], each["kind"], tuple(each.get("parameters", ())))
        for each in _far_of(work).names(ref)
    ]
