"""The honest system of `services/payments`, made once a run, and its copies with a defect each."""

import asyncio
import dataclasses
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gradus.catalogue.service_file import read_rows, read_service
from gradus.core.proof import ProofOutcome, ProofVerdict
from gradus.prover.contract import contract_names
from gradus.prover.running import Asked, prove

SOURCE = Path(__file__).parent / "services" / "payments"
SEED = 20261126


def make(folder: Path, seed: int = SEED) -> Path:
    """Write the system with its world into a folder, with a first version in service."""
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for words in (["world.py", ".", str(seed)], ["operate.py", "train", "history.jsonl"],
                  ["operate.py", "promote", "v1"]):  # fmt: skip
        subprocess.run([sys.executable, *words], cwd=folder, check=True, capture_output=True)
    declaration = folder / "gradus.toml"
    text = declaration.read_text().replace('"python ', f'"{sys.executable} ')
    declaration.write_text(text)
    return folder


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a made system; proofs work on copies and leave it as it is."""
    return make(tmp_path_factory.mktemp("payments") / "system")


@pytest.fixture
def prove_it(
    system: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., ProofOutcome]:
    """Run one proof quickly over the system with a defect."""

    def run(name: str, defect: str = "", seed: int = 1, **changes: Any) -> ProofOutcome:
        monkeypatch.setenv("DEFECT", defect)
        monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
        declaration = dataclasses.replace(read_service(system, contract_names()), **changes)
        rows = read_rows(system / declaration.rows)
        asked = Asked((name,), seed, quick=True)
        (outcome,) = asyncio.run(prove(declaration, rows, asked, tmp_path / "logs")).outcomes
        return outcome

    return run


def broken(outcome: ProofOutcome) -> list[str]:
    """Return the sentences of the claims that did not hold; the verdict has to agree."""
    sentences = [each.sentence for each in outcome.claims if not each.held]
    assert outcome.verdict is (ProofVerdict.FAILED if sentences else ProofVerdict.PASSED), outcome
    return sentences
