"""The reference system keeps its own promises, in the environment that it runs in."""

import importlib.util
import os
import re
import subprocess
from pathlib import Path

import pytest

from gradus.catalogue import load_catalogue
from gradus.catalogue.service_file import read_rows, read_service
from gradus.desk.environments import spec_of
from gradus.prover.contract import contract_names
from gradus.prover.proof import all_proofs
from gradus.sandbox.environment import find

ROOT = Path(__file__).parents[2]
FRAUD = ROOT / "examples" / "fraud"
SUITES = sorted(f"tests.{path.stem}" for path in (FRAUD / "tests").glob("test_*.py"))
RUNNING = "tests.test_service"
"""The suite that trains and serves; the others share one start, which takes longer than they do."""


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "suites",
    [[RUNNING], [each for each in SUITES if each != RUNNING]],
    ids=["running", "its parts"],
)
def test_the_fraud_scorer_keeps_what_it_promises(suites: list[str], tmp_path: Path) -> None:
    python = find(spec_of(load_catalogue(), "ops"))
    if python is None:
        pytest.skip("gradus install ops")
    done = subprocess.run(
        [str(python), "-W", "error", "-m", "unittest", *suites],
        cwd=FRAUD,
        env={**os.environ, "FRAUD_STATE": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Ran 0 tests" not in done.stderr


def test_the_wheel_gets_the_examples_without_what_they_write(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    hook = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hook)
    for name in ("fraud/a.py", "fraud/state/fraud.db", "fraud/b/__pycache__/a.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert hook.example_files(tmp_path) == [tmp_path / "fraud" / "a.py"]
    assert FRAUD / "gradus.toml" in hook.example_files(ROOT / "examples")


def test_what_the_example_declares_can_be_proved() -> None:
    declared = read_service(FRAUD, contract_names())
    rows = read_rows(FRAUD / declared.rows)
    assert len(rows) >= 1000
    assert declared.labels is not None
    assert declared.guards.personal == ("holder",)


def test_every_proof_has_a_fault_planted_for_it() -> None:
    text = (FRAUD / "fraud" / "defects.py").read_text(encoding="utf-8")
    named = set(re.findall(r'": "([a-z-]+): ', text))
    assert named == {each.name for each in all_proofs()}
