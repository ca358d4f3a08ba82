"""Declarations of the services in `services/`, and runs of proofs over them."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from gradus.catalogue.service_file import read_rows
from gradus.core.proof import ProofOutcome
from gradus.core.service import Quoted, ServiceDeclaration
from gradus.prover.running import Asked, prove

from .twins import declaration


@pytest.fixture
def declared(tmp_path: Path) -> Callable[..., ServiceDeclaration]:
    """Return the declaration of a service of `services/` with a defect or without."""
    return partial(declaration, tmp_path)


@pytest.fixture
def proved(tmp_path: Path) -> Callable[..., ProofOutcome]:
    """Run one proof, quickly, and return its outcome."""

    def run(
        name: str, declared: ServiceDeclaration, seed: int = 1, quoted: Quoted | None = None
    ) -> ProofOutcome:
        asked = Asked((name,), seed, quick=True)
        rows = read_rows(declared.folder / declared.rows)
        report = asyncio.run(prove(declared, rows, asked, tmp_path / "logs", quoted=quoted))
        (outcome,) = report.outcomes
        return outcome

    return run
