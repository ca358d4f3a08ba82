"""A lab's claims as pytest tests with Hypothesis: what a course would run today.

Which lab and which solution come from the environment: BENCH_CHECK, BENCH_SOLUTION,
BENCH_FUNCTION. Collected by pytest, in a cold process.
"""

import math
import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, reject, settings, strategies

from benchmarks.in_process import InProcess, claims_of, run_once, simple, work_of
from gradus.check import Claim
from gradus.check.draw import Draw, Unfit

ELEMENTWISE = 24
"""Arrays of at most this many entries are drawn entry by entry."""


class HypothesisSource:
    """Choices from Hypothesis, as a course's own strategies would make them."""

    tries = 3

    def __init__(self, draw: Callable[[Any], Any]) -> None:
        self._draw = draw
        self.choices: tuple[()] = ()

    def forget(self, n_choices: int) -> None:
        """Keep nothing: Hypothesis remembers what it chose."""

    def integer(self, low: int, high: int) -> int:
        """Choose a whole number of the closed range."""
        return int(self._draw(_integers(low, high)))

    def real(self, low: float, high: float) -> float:
        """Choose a number of the closed range."""
        return float(self._draw(_floats(low, high)))

    def array(self, shape: tuple[int, ...], low: float, high: float) -> np.ndarray:
        """Choose an array, entry by entry where it is small, else from a seed."""
        size = math.prod(shape)
        if size > ELEMENTWISE:
            seed = self._draw(_integers(0, 2**31 - 1))
            return np.random.default_rng(seed).uniform(low, high, size=shape)
        return np.array(self._draw(_entries(size, low, high)), dtype=np.float64).reshape(shape)


# Hypothesis looks at a strategy once, and takes longer for that than for a draw from it.


@lru_cache(maxsize=256)
def _integers(low: int, high: int) -> Any:
    return strategies.integers(low, high)


@lru_cache(maxsize=256)
def _floats(low: float, high: float) -> Any:
    return strategies.floats(low, high, allow_nan=False)


@lru_cache(maxsize=256)
def _entries(size: int, low: float, high: float) -> Any:
    """Return the strategy of so many numbers of a closed range, whole ones being simpler."""
    entry = _floats(low, high)
    if high - low >= 1:
        entry = strategies.one_of(_integers(math.ceil(low), math.floor(high)), entry)
    return strategies.lists(entry, min_size=size, max_size=size)


CLAIMS = [claim for claim in claims_of(Path(os.environ["BENCH_CHECK"])) if simple(claim)]


def strategy(draw: Draw) -> Any:
    """Return a lab's draw as a Hypothesis strategy."""

    @strategies.composite
    def values(pick: Callable[[Any], Any]) -> Any:
        try:
            return draw.sample(HypothesisSource(pick))
        except Unfit:
            reject()

    return values()


@pytest.mark.parametrize("claim", CLAIMS, ids=[claim.name for claim in CLAIMS])
def test_claim(claim: Claim) -> None:
    solution = Path(os.environ["BENCH_SOLUTION"])
    work = work_of(InProcess(), solution, os.environ["BENCH_FUNCTION"])
    if not claim.inputs:
        for _ in range(claim.examples):
            run_once(claim, work, {})
        return

    @settings(
        max_examples=claim.examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategies.fixed_dictionaries({name: strategy(draw) for name, draw in claim.inputs}))
    def holds(values: dict[str, Any]) -> None:
        run_once(claim, work, values)

    holds()
