"""Nothing is lost when processes are killed at random moments; `make never-lost` kills more."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(sys.platform != "linux", reason="the processes are found through /proc")
def test_twenty_kills_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    from benchmarks.never_lost import VICTIMS, run

    done = run(tmp_path, 20)
    assert done == dict.fromkeys(VICTIMS, 4)
    assert run(tmp_path, 20) == done, "what was done is not done again"
