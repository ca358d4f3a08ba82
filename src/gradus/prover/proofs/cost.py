"""The proof `cost`."""

import numpy as np

from gradus.prover.asking import Right, ask_rows, find_wrong, warm_up
from gradus.prover.bench import Bench
from gradus.prover.bounds import quantile_at_most
from gradus.prover.proof import proof

PARTS = 10
"""Pieces of the run; the dearest one bounds the median piece at 99.9 % confidence."""


@proof(place=170, needs=("start",))
async def cost(bench: Bench) -> None:
    """A thousand predictions take no more of the processor and of memory than was declared.

    Both are read from the system, over all processes that the command started and those that they
    started; nothing is believed that the service says of itself.
    """
    promises = bench.declaration.promises
    count = 30 if bench.quick else 100
    right = await Right.of(bench)
    cpu, memory = [], []
    async with bench.service() as service:
        await warm_up(bench, service, right)
        bench.moment(f"{PARTS * count} predictions")
        with bench.claim("What is counted are right predictions.") as claim:
            for _ in range(PARTS):
                before = service.process.usage().cpu_seconds
                starts = np.cumsum(bench.rng.exponential(1 / promises.rate, count))
                asked = await ask_rows(bench, service, starts, right)
                after = service.process.usage()
                cpu.append((after.cpu_seconds - before) * 1000 / count)
                memory.append(after.memory_mb)
                find_wrong(claim, bench, asked, right)
    records = zip(cpu, memory, strict=True)
    bench.keep("cost", ({"cpu_seconds_per_1000": c, "memory_mb": m} for c, m in records))
    said = f"A thousand predictions take at most {promises.cpu_seconds:g} CPU seconds."
    with bench.claim(said) as claim:
        half = quantile_at_most(cpu, 0.5, 0.99)
        claim.at_most("processor", half, "s/1000", promises.cpu_seconds, 0.99)
    with bench.claim(f"It takes at most {promises.memory_mb:g} MiB of memory.") as claim:
        claim.at_most("memory", max(memory), "MiB", promises.memory_mb)
