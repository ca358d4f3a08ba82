"""The honest system of `services/payments`, made once a run, and its copies with a defect each."""

import atexit
import dataclasses
import functools
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from gradus.catalogue.service_file import read_service
from gradus.core.proof import ProofOutcome, ProofVerdict
from gradus.core.service import ServiceDeclaration
from gradus.prover.contract import contract_names

SOURCE = Path(__file__).parent / "services" / "payments"
SEED = 20261126
COMMANDS = ("start", "offline", "retrain", "promote", "rollback")


@functools.cache
def made(seed: int = SEED) -> Path:
    """Return the system with its world and a first version in service; nothing may change it."""
    place = Path(tempfile.mkdtemp(prefix="gradus-payments-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    folder = place / "system"
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for words in (["world.py", ".", str(seed)], ["operate.py", "train", "history.jsonl"],
                  ["operate.py", "promote", "v1"]):  # fmt: skip
        subprocess.run([sys.executable, *words], cwd=folder, check=True, capture_output=True)
    return folder


def payments(
    folder: Path, script: str = "payments", defect: str = "", **changes: Any
) -> ServiceDeclaration:
    """Return the declaration of a copy of the system whose commands switch a defect on.

    `payments-asgi` is the same system behind another framework.
    """
    copy = folder / "payments"
    shutil.copytree(made(), copy, dirs_exist_ok=True)
    declared = read_service(copy, contract_names())
    switch = ("env", f"DEFECT={defect}", "OPENBLAS_NUM_THREADS=1", sys.executable)
    commands = {name: (*switch, *getattr(declared, name)[1:]) for name in COMMANDS}
    if script == "payments-asgi":
        commands["start"] = (*switch, "serve_asgi.py", "{port}")
    return dataclasses.replace(declared, **{**commands, **changes})


def broken(outcome: ProofOutcome) -> list[str]:
    """Return the sentences of the claims that did not hold; the verdict has to agree."""
    sentences = [each.sentence for each in outcome.claims if not each.held]
    assert outcome.verdict is (ProofVerdict.FAILED if sentences else ProofVerdict.PASSED), outcome
    return sentences
