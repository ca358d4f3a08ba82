"""A lab's claims as one call that a notebook or a doctest can make, on seeded draws.

Which lab and which solution come from the environment, as in `claims_under_pytest`.
"""

import os
from pathlib import Path

from benchmarks.in_process import InProcess, claims_of, run_once, simple, work_of
from gradus.judge.sources import SeededSource, Stream


def every_claim_holds() -> bool:
    """Run every claim; raises where one does not hold."""
    far = InProcess()
    work = work_of(far, Path(os.environ["BENCH_SOLUTION"]), os.environ["BENCH_FUNCTION"])
    for claim in claims_of(Path(os.environ["BENCH_CHECK"])):
        if not simple(claim):
            continue
        for number in range(claim.examples):
            source = SeededSource(Stream((number,)))
            run_once(claim, work, {name: draw.sample(source) for name, draw in claim.inputs})
    return True
