"""A warm parent gives children for as long as it lives, and says when it is not the learner."""

import errno
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from gradus.core.errors import SandboxError
from gradus.core.lab import Limits, Profile
from gradus.sandbox import Returned, Runtime, WarmParent
from gradus.sandbox import parent as module
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
    with pytest.raises(SandboxError, match=r"^The warm parent of base is no longer running\.$"):
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


@pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")
def test_what_a_warm_parent_and_its_children_hold_is_known(tmp_path: Path) -> None:
    with WarmParent(Runtime(PYTHON, ("numpy",), "base")) as parent:
        before = parent.held_mb()
        with parent.child(tmp_path, Limits(), Profile.COMPUTE) as child:
            source = "held = b'x' * (64 << 20)\n"
            child.request("run_source", source=source, name="driver", timeout=9)
            assert 60 < parent.held_mb() - before < 110
        assert 5 < before < 100


def test_what_this_machine_lacks_is_our_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    words = r"^The sandbox cannot be prepared: \[Errno 24\] Too many open files\.$"
    with WarmParent(Runtime(PYTHON, (), "base")) as parent:
        monkeypatch.setattr(parent.starter, "start", fail)
        with pytest.raises(SandboxError, match=words):
            parent.child(tmp_path, Limits(), Profile.COMPUTE)
    monkeypatch.setattr(module, "ForkStarter", fail)
    with pytest.raises(SandboxError, match=words):
        WarmParent(Runtime(PYTHON, (), "base"), method="fork")


def test_children_are_forked_on_linux_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for system, method in (("linux", "fork"), ("darwin", "spawn"), ("win32", "spawn")):
        monkeypatch.setattr(module.sys, "platform", system)
        assert module.best_method() == method
    monkeypatch.undo()
    with WarmParent(Runtime(PYTHON, (), "base")) as parent:
        assert parent.method == module.best_method()
        assert isinstance(parent.starter, module.ForkStarter) == (parent.method == "fork")
    assert not parent.alive


def test_a_child_that_lacks_a_layer_is_given_where_nobody_is_strict(tmp_path: Path) -> None:
    with (
        WarmParent(Runtime(PYTHON, (), "base"), method="spawn") as parent,
        parent.child(tmp_path, Limits(), Profile.COMPUTE) as child,
    ):
        assert module.missing_layers(child.layers, Profile.COMPUTE)


ALL = ("limits", "landlock", "seccomp")


@pytest.mark.parametrize(
    ("in_force", "of_compute", "of_tools"),
    [
        ((*ALL, "namespaces", "own namespaces"), [], []),
        ((*ALL, "own namespaces"), [], []),
        ((*ALL, "namespaces"), [], ["own namespaces"]),
        (ALL, ["namespaces"], ["own namespaces"]),
        (("namespaces", "own namespaces"), list(ALL), list(ALL)),
        ((), [*ALL, "namespaces"], [*ALL, "own namespaces"]),
    ],
)
def test_the_layers_that_a_child_lacks_are_named(
    in_force: tuple[str, ...], of_compute: list[str], of_tools: list[str]
) -> None:
    assert module.missing_layers(in_force, Profile.COMPUTE) == of_compute
    assert module.missing_layers(in_force, Profile.SERVICE) == of_compute
    assert module.missing_layers(in_force, Profile.TOOLS) == of_tools


def test_a_child_that_strict_mode_refuses_is_ended(tmp_path: Path) -> None:
    with WarmParent(Runtime(PYTHON, (), "base"), method="spawn", strict=True) as parent:
        with pytest.raises(SandboxError, match=r"^Strict mode judges nothing here: the child is"):
            parent.child(tmp_path, Limits(), Profile.COMPUTE)
        assert len(parent.starter.pids()) == 1, "the child that is started ahead of time"


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
