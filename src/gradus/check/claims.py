"""Claims: one sentence about correct work, and the code that tests it."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gradus.check.draw import Draw

GIVEN_BY_NAME = ("rng", "case", "reader", "sizes", "module", "another", "place")
"""Parameters that the judge fills: hidden randomness, the generated case, the lab's reader, the
sizes of the run, for a function its whole module, the work in another process, and its folder."""
USUAL_EXAMPLES = 25


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim as declared in `check.py`."""

    sentence: str
    """What is true of correct work, as a learner reads it."""
    catches: tuple[str, ...]
    """Variants that must fail it."""
    examples: int
    """How many drawn examples must hold, besides the declared edge cases."""
    inputs: tuple[tuple[str, Draw], ...]
    """The draws by parameter name."""
    given: tuple[str, ...]
    """Which of `GIVEN_BY_NAME` it asks for."""
    test: Callable[..., None]
    """The code."""
    may_catch: tuple[str, ...] = ()
    """Variants that fail it on some runs only, as a wrong gradient may still train."""

    @property
    def name(self) -> str:
        """The function's name."""
        return str(getattr(self.test, "__name__", "claim"))


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A look at a failed submission that tells one known mistake from the others."""

    variant: str
    """The variant that it recognises."""
    given: tuple[str, ...]
    """Which of `GIVEN_BY_NAME` it asks for."""
    test: Callable[..., bool]
    """The code; true where the mark of the mistake is seen."""


def claim(
    sentence: str,
    *,
    catches: Sequence[str] = (),
    may_catch: Sequence[str] = (),
    examples: int | None = None,
    **inputs: Draw,
) -> Callable[[Callable[..., None]], Claim]:
    """Declare a claim; the decorated function gets what was handed in, then its inputs by name."""
    for name, each in inputs.items():
        if not isinstance(each, Draw):
            raise TypeError(f"claim {sentence!r}: {name} is not a draw (use draw.just for a value)")
    if isinstance(catches, str) or isinstance(may_catch, str):
        raise TypeError(f"claim {sentence!r}: catches and may_catch are lists of variants")

    def declare(test: Callable[..., None]) -> Claim:
        given = _given(test, set(inputs), f"claim {sentence!r}")
        random = inputs or "rng" in given
        count = examples if examples is not None else (USUAL_EXAMPLES if random else 1)
        return Claim(
            sentence, tuple(catches), count, tuple(inputs.items()), given, test, tuple(may_catch)
        )

    return declare


def diagnostic(variant: str) -> Callable[[Callable[..., bool]], Diagnostic]:
    """Declare how one variant is told from others that fail the same claims."""

    def declare(test: Callable[..., bool]) -> Diagnostic:
        return Diagnostic(variant, _given(test, set(), f"diagnostic of {variant!r}"), test)

    return declare


def _given(test: Callable[..., Any], inputs: set[str], whose: str) -> tuple[str, ...]:
    names = list(inspect.signature(test).parameters)[1:]
    unknown = [each for each in names if each not in inputs and each not in GIVEN_BY_NAME]
    if unknown:
        raise TypeError(f"{whose}: nothing is drawn for {', '.join(unknown)}")
    unused = inputs - set(names)
    if unused:
        raise TypeError(f"{whose}: {', '.join(sorted(unused))} is drawn and not a parameter")
    return tuple(each for each in names if each not in inputs)
