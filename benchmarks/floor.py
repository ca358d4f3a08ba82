"""Prints the processor seconds of the learner's functions alone, and with the claims around them.

Run in the lab's environment: `python -m benchmarks.floor CHECK SOLUTION FUNCTION`.
"""

import statistics
import sys
import time
from pathlib import Path

from benchmarks.in_process import InProcess, claims_of, run_once, seconds_of, simple, work_of
from gradus.judge.sources import SeededSource, Stream


def main() -> None:
    """Record the calls of one run, then time them without anything around them."""
    check, solution = Path(sys.argv[1]), Path(sys.argv[2])
    far = InProcess()
    work = work_of(far, solution, sys.argv[3] if len(sys.argv) > 3 else "")
    n_examples = n_claims = 0
    together = 0.0
    for claim in claims_of(check):
        if not simple(claim):
            continue
        n_claims += 1
        for number in range(claim.examples):
            source = SeededSource(Stream((number,)))
            values = {name: draw.sample(source) for name, draw in claim.inputs}
            begin = time.process_time()
            run_once(claim, work, values)
            together += time.process_time() - begin
            n_examples += 1
    times = [seconds_of(far.calls) for _ in range(9)]
    print(statistics.median(times), together, n_claims, n_examples, len(far.calls))


if __name__ == "__main__":
    main()
