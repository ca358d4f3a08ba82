"""Running proofs over a declaration, one after another, each on a bench of its own.

It must not know any proof, and must not keep anything but the logs.
"""

import asyncio
import shutil
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gradus.core.proof import ProofOutcome, ProofReport, ProofVerdict
from gradus.core.service import Quoted, ServiceDeclaration
from gradus.prover.bench import Bench, Offline
from gradus.prover.claims import BrokenService, InvalidRun
from gradus.prover.contract import Row, find_contract
from gradus.prover.machine import described
from gradus.prover.proof import Proof, find_proofs
from gradus.prover.scratch import scratch

Say = Callable[[str], None]
"""Is told what is being proved."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is to prove, and how."""

    names: tuple[str, ...] = ()
    """Proofs by name; none means all."""
    seed: int = 0
    """What everything drawn is drawn from."""
    quick: bool = False
    """Whether shorter runs with wider bounds are asked for."""
    schemathesis: Path | None = None
    """The interpreter of the environment that has schemathesis; None where it is not installed."""


async def prove(
    declaration: ServiceDeclaration,
    rows: Sequence[Row],
    asked: Asked,
    logs: Path,
    say: Say = lambda _: None,
    labelled: Sequence[Row] | None = None,
    *,
    quoted: Quoted | None = None,
) -> ProofReport:
    """Prove a declared service; raises UsageError for the name of no proof.

    `labelled` are rows with their truth, where those of the project do not count; `quoted` is what
    the project says of its own predictions, where somebody asks that.
    """
    proofs = find_proofs(asked.names)
    skipped = {each.name: each.missing(declaration) for each in proofs}
    outcomes = []
    offline = Offline()
    machine = described()
    with scratch() as place:
        for each in proofs:
            if skipped[each.name]:
                continue
            say(each.name)
            folder = place / each.name
            folder.mkdir()
            bench = Bench(
                declaration,
                find_contract(declaration.contract.name),
                rows,
                np.random.default_rng([asked.seed, zlib.crc32(each.name.encode())]),
                folder,
                logs / each.name,
                labelled,
                quoted,
                quick=asked.quick,
                offline=offline,
                schemathesis=asked.schemathesis,
            )
            outcomes.append(await prove_one(each, bench, asked.seed))
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    said = {name: sentence for name, sentence in skipped.items() if sentence}
    return ProofReport(declaration.name, declaration.digest, tuple(outcomes), machine, said)


async def prove_one(proof: Proof, bench: Bench, seed: int) -> ProofOutcome:
    """Run one proof on its bench and return its outcome, whatever the service does."""
    reason, invalid = "", False
    try:
        await proof.prove(bench)
    except BrokenService as fault:
        bench.claims.broken(fault)
    except InvalidRun as fault:
        reason, invalid = str(fault), True
    claims = bench.claims.outcomes()
    if not all(each.held for each in claims):
        verdict = ProofVerdict.FAILED  # what was seen stands, also where the run ended early
    elif invalid or not claims:
        verdict = ProofVerdict.INVALID
    else:
        verdict = ProofVerdict.PASSED
    reason = " ".join([*bench.notes, *([reason] if reason else [])])
    seconds = time.monotonic() - bench.began
    return ProofOutcome(
        proof.name,
        verdict,
        seed,
        seconds,
        claims,
        reason,
        tuple(bench.moments),
        tuple(bench.plots),
    )
