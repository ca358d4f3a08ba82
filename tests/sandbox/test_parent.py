"""A warm parent gives children for as long as it lives, and says when it is not the learner."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from gradus.core.errors import SandboxError
from gradus.core.lab import Limits, Profile
from gradus.sandbox import Returned, Runtime, WarmParent
from gradus.sandbox.layers import layers

PYTHON = Path(sys.executable)
COMPLETE = all(layer.enforced for layer in layers())


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_an_interpreter_that_is_not_there_is_our_failure(method: str, tmp_path: Path) -> None:
    runtime = Runtime(tmp_path / "python", (), "gone")
    with pytest.raises(SandboxError, match="environment gone cannot be started"):
        WarmParent(runtime, method=method)  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_library_that_is_not_there_is_our_failure(method: str, tmp_path: Path) -> None:
    runtime = Runtime(PYTHON, ("nothing_of_that_name",), "base")
    with (
        pytest.raises(SandboxError, match="nothing_of_that_name"),
        WarmParent(
            runtime,
            method=method,  # type: ignore[arg-type]
        ) as parent,
    ):
        parent.child(tmp_path, Limits(), Profile.COMPUTE)


def test_a_dead_warm_parent_is_our_failure(tmp_path: Path) -> None:
    parent = WarmParent(Runtime(PYTHON, (), "base"))
    child = parent.child(tmp_path, Limits(), Profile.COMPUTE)
    os.kill(parent.starter.process.pid, signal.SIGKILL)  # type: ignore[attr-defined]
    time.sleep(0.2)
    assert not parent.alive
    with pytest.raises(SandboxError):
        child.request("put", value=1, timeout=5)
    with pytest.raises(SandboxError):
        parent.child(tmp_path, Limits(), Profile.COMPUTE)
    child.close()
    parent.close()


def test_closing_a_warm_parent_ends_all_its_children(tmp_path: Path) -> None:
    parent = WarmParent(Runtime(PYTHON, (), "base"))
    child = parent.child(tmp_path, Limits(), Profile.COMPUTE)
    pid = child.pid
    parent.close()
    deadline = time.monotonic() + 3
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not Path(f"/proc/{pid}").exists()
    child.close()


def test_a_folder_that_is_not_there_is_our_failure(forking: WarmParent, tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="does not exist"):
        forking.child(tmp_path / "gone", Limits(), Profile.COMPUTE)


def test_a_child_without_a_folder_writes_nowhere(forking: WarmParent) -> None:
    with forking.child(None, Limits(), Profile.COMPUTE) as child:
        source = "def f():\n    open('x', 'w')\n"
        driver = child.request("run_source", source=source, name="driver", timeout=5)
        assert isinstance(driver, Returned)
        function = child.request("get", ref=driver.ref, name="f", timeout=5)
        assert isinstance(function, Returned)
        raised = child.request("call", ref=function.ref, timeout=5)
        assert raised.types[0] == "PermissionError"  # type: ignore[union-attr]


def test_unseeded_draws_differ_from_child_to_child(forking: WarmParent, tmp_path: Path) -> None:
    (tmp_path / "work.py").write_text(
        "import random, numpy\nx = random.random()\ny = numpy.random.rand()\n"
    )
    seen = set()
    for _ in range(2):
        with forking.child(tmp_path, Limits(), Profile.COMPUTE) as child:
            module = child.request("import_file", path="work.py", name="work", timeout=5)
            assert isinstance(module, Returned)
            for name in ("x", "y"):
                value = child.request("get", ref=module.ref, name=name, timeout=5)
                assert isinstance(value, Returned)
                seen.add(value.value)
    assert len(seen) == 4


@pytest.mark.parametrize("profile", list(Profile))
def test_strict_mode_refuses_a_child_that_lacks_a_layer(tmp_path: Path, profile: Profile) -> None:
    runtime = Runtime(PYTHON, (), "base")
    with (
        WarmParent(runtime, method="spawn", strict=True) as parent,
        pytest.raises(SandboxError, match=r"Strict mode .* not behind (own )?namespaces\."),
    ):
        parent.child(tmp_path, Limits(), profile)


@pytest.mark.skipif(not COMPLETE, reason="this system does not enforce every layer")
@pytest.mark.parametrize("profile", list(Profile))
def test_strict_mode_gives_a_child_behind_every_layer(tmp_path: Path, profile: Profile) -> None:
    with WarmParent(Runtime(PYTHON, (), "base"), strict=True) as parent:
        parent.child(tmp_path, Limits(), profile).close()
