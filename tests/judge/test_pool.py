"""Warm parents are kept while they are of use, replaced when stale, and given back."""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from gradus.core.lab import Lab, Profile
from gradus.judge import Pool, pool
from gradus.judge.pool import environment_mark
from gradus.sandbox import Runtime

PYTHON = Path(sys.executable)


def find(environment: str, imports: tuple[str, ...]) -> Runtime:
    return Runtime(PYTHON, imports, environment)


def parents(kept: Pool) -> list[int]:
    """Return the processes of the parents, the least used first."""
    return [pid for each in kept._parents.values() for pid in each.parent.starter.pids()]


def test_a_second_lab_does_not_evict_the_first(lab: Lab) -> None:
    with Pool(find) as kept:
        kept.warm(lab)
        (first,) = parents(kept)
        kept.warm(replace(lab, imports=("json",)))
        kept.warm(lab)
        assert first in parents(kept)
        assert len(parents(kept)) == 2


def test_the_least_used_goes_when_there_are_too_many(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "MOST_PARENTS", 2)
    with Pool(find) as kept:
        for name in ("json", "csv"):
            kept.warm(replace(lab, imports=(name,)))
        kept.warm(replace(lab, imports=("json",)))
        json, csv = parents(kept)[1], parents(kept)[0]
        kept.warm(replace(lab, imports=("bz2",)))
        assert json in parents(kept)
        assert csv not in parents(kept)


def test_the_least_used_goes_when_they_hold_too_much_memory(lab: Lab) -> None:
    with Pool(find, most_mb=1.0) as kept:
        kept.warm(lab)
        (first,) = parents(kept)
        assert kept.held_mb() > 1.0
        kept.warm(replace(lab, imports=("json",)))
        assert first not in parents(kept)
        assert len(parents(kept)) == 1


def test_an_idle_parent_is_given_back_and_a_used_one_is_not(lab: Lab, tmp_path: Path) -> None:
    with Pool(find, idle_seconds=0.0) as kept:
        child = kept.child(lab, tmp_path, lab.limits, Profile.COMPUTE)
        (pid,) = parents(kept)
        kept.sweep()
        assert parents(kept) == [pid]
        child.close()
        kept.sweep()
        assert parents(kept) == []
        assert not Path(f"/proc/{pid}").exists()


def test_an_idle_parent_goes_by_itself(lab: Lab) -> None:
    with Pool(find, idle_seconds=0.1) as kept:
        kept.warm(lab)
        until = time.monotonic() + 60
        while parents(kept) and time.monotonic() < until:
            time.sleep(0.05)
        assert parents(kept) == []


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """An environment that only names the running interpreter, and can be changed."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "lib" / "python3" / "site-packages").mkdir(parents=True)
    python = tmp_path / "bin" / "python"
    python.symlink_to(PYTHON)
    (tmp_path / "pyvenv.cfg").write_text((PYTHON.parent.parent / "pyvenv.cfg").read_text())
    return python


def test_the_mark_of_an_environment_changes_with_its_packages(environment: Path) -> None:
    runtime = Runtime(environment, (), "base")
    before = environment_mark(runtime)
    assert environment_mark(runtime) == before
    (environment.parent.parent / "lib/python3/site-packages/new.py").touch()
    assert environment_mark(runtime) != before


def test_a_parent_whose_environment_changed_is_replaced_after_its_children(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = [((1, 1),)]
    monkeypatch.setattr(pool, "environment_mark", lambda runtime: mark[0])
    (folder := tmp_path / "work").mkdir()
    with Pool(find) as kept:
        child = kept.child(lab, folder, lab.limits, Profile.COMPUTE)
        (old,) = parents(kept)
        mark[0] = ((2, 2),)
        kept.warm(lab)
        assert parents(kept) != [old]
        assert child.request("put", value=1, timeout=30).ref > 0
        child.close()
        kept.sweep()
        assert not Path(f"/proc/{old}").exists()


def test_a_killed_parent_is_replaced(lab: Lab, tmp_path: Path) -> None:
    with Pool(find) as kept:
        kept.warm(lab)
        (pid,) = parents(kept)
        os.kill(pid, 9)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # until then it may still fork
        with kept.child(lab, tmp_path, lab.limits, Profile.COMPUTE) as child:
            assert child.request("put", value=1, timeout=30).ref > 0
        assert pid not in parents(kept)


def test_oracles_compute_on_one_thread() -> None:
    """What a BLAS does beside a child takes a core from it, and it spins between two products."""
    code = """
import json
from gradus.judge.pool import Pool
from threadpoolctl import threadpool_info
def threads():
    return [each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"]
before = threads()
with Pool(lambda *_: None):
    print(json.dumps([before, threads()]))
"""
    variables = {**os.environ, "OPENBLAS_NUM_THREADS": "2"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=True
    )
    before, after = json.loads(done.stdout)
    assert before == [min(2, os.cpu_count() or 1)] * len(before)
    assert after == [1] * len(before)
