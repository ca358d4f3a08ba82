"""Declarations of the services in `services/`, and runs of proofs over them."""

import asyncio
import dataclasses
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gradus.core.proof import ProofOutcome, ProofReport
from gradus.core.service import ContractTerms, Promises, ServiceDeclaration
from gradus.prover.running import Asked, prove

SERVICES = Path(__file__).parent / "services"
ROWS = [
    {"amount": round(1.5 * n, 2), "hour": n % 24, "abroad": n % 3 == 0} for n in range(40)
]  # fmt: skip
TERMS = ContractTerms("plain-json", field="rows", output="predictions", echo="X-Request-ID")


@pytest.fixture
def declared(tmp_path: Path) -> Callable[..., ServiceDeclaration]:
    """Return the declaration of a service of `services/` with a defect or without."""

    def declare(defect: str = "", script: str = "plain.py", **changes: Any) -> ServiceDeclaration:
        program = (sys.executable, str(SERVICES / script))
        (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
        honest = ServiceDeclaration(
            name="specimen",
            folder=tmp_path,
            start=(*program, "{port}", *([defect] if defect else [])),
            contract=TERMS,
            rows="rows.jsonl",
            digest="sha256:0",
            promises=Promises(p99_ms=500.0, rate=40.0, ready_seconds=30.0),
            offline=(*program, "batch", "{rows}", "{predictions}"),
        )
        return dataclasses.replace(honest, **changes)

    return declare


@pytest.fixture
def proved(tmp_path: Path) -> Callable[..., ProofOutcome]:
    """Run one proof, quickly, and return its outcome."""

    def run(name: str, declaration: ServiceDeclaration, seed: int = 1) -> ProofOutcome:
        asked = Asked((name,), seed, quick=True)
        report: ProofReport = asyncio.run(prove(declaration, ROWS, asked, tmp_path / "logs"))
        (outcome,) = report.outcomes
        return outcome

    return run
