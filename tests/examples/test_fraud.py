"""The reference system keeps its own promises, in the environment that it runs in."""

import os
import subprocess
from pathlib import Path

import pytest

from gradus.catalogue import load_catalogue
from gradus.desk.environments import spec_of
from gradus.sandbox.environment import find

FRAUD = Path(__file__).parents[2] / "examples" / "fraud"
SUITES = sorted(path.name for path in (FRAUD / "tests").glob("test_*.py"))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("suite", SUITES)
def test_the_fraud_scorer_keeps_what_it_promises(suite: str, tmp_path: Path) -> None:
    python = find(spec_of(load_catalogue(), "ops"))
    if python is None:
        pytest.skip("gradus install ops")
    words = [str(python), "-W", "error", "-m", "unittest", "discover", "-t", ".", "-s", "tests"]
    done = subprocess.run(
        [*words, "-p", suite],
        cwd=FRAUD,
        env={**os.environ, "FRAUD_STATE": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Ran 0 tests" not in done.stderr
