"""A lab's claims as pytest tests with Hypothesis: what a course would run today.

Which lab and which solution come from the environment: BENCH_CHECK, BENCH_SOLUTION,
BENCH_FUNCTION. Collected by pytest, in a cold process.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings, strategies

from benchmarks.in_process import InProcess, claims_of, run_once, simple, work_of
from gradus.check import Claim
from gradus.check.draw import Draw, Unfit
from gradus.judge.sources import HypothesisSource

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
