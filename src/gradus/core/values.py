"""The values that cross the trust line and have no type in the standard library.

Their payloads are typed `Any` because this room imports no third party.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """A CPU tensor as the judge sees it; the child turns it into a `torch.Tensor` and back."""

    array: Any
    """NumPy array with the values (bfloat16 is widened to float32)."""
    dtype: str
    """Torch's name without the prefix, such as `float32` or `bfloat16`."""
    requires_grad: bool = False
    """Whether autograd follows it."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table as the judge sees it, carried as Arrow."""

    arrow: Any
    """A `pyarrow.Table`."""
    kind: str = "pandas"
    """What the child makes of it: `pandas` (DataFrame), `series`, or `arrow`."""


@dataclass(frozen=True, slots=True)
class Handle:
    """Something that stays in the child; only its name and a short text cross."""

    ref: int
    """The child's number for it."""
    type: str
    """Its type's name, such as `Linear`."""
    text: str
    """Its `repr`, cut to 200 characters."""
