"""What this machine enforces is said in sentences."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from gradus.core.errors import PrerequisiteError
from gradus.sandbox import layers as module
from gradus.sandbox.layers import layers, namespaces_here, require_every_layer

GOLDEN = Path(__file__).parent / "golden" / "layers.txt"
APPARMOR = "kernel.apparmor_restrict_unprivileged_userns"
CLONE = "kernel.unprivileged_userns_clone"
MOST = "user.max_user_namespaces"
SPACES = ("user", "net", "pid", "mount", "ipc")
MACHINES: dict[str, dict[str, Any]] = {
    "a complete Linux": {},
    "a complete Linux, as root": {"uid": 0},
    "without Landlock": {"abi": 0},
    "without Landlock or a namespace of mounts": {"abi": 0, "spaces": ("user", "net")},
    "on another processor": {"seccomp": False},
    "without namespaces, as root": {"spaces": (), "uid": 0},
    "on another processor without anything": {"seccomp": False, "spaces": ()},
    "macOS": {"platform": "darwin", "abi": 3, "seccomp": False, "spaces": ()},
    "Windows": {"platform": "win32", "seccomp": False, "spaces": (), "uid": None},
    "closed by AppArmor": {"spaces": (), "switches": {APPARMOR: "1", CLONE: "1", MOST: "99"}},
    "closed by Debian's switch": {"spaces": (), "switches": {APPARMOR: "0", CLONE: "0"}},
    "closed by a number": {"spaces": (), "switches": {CLONE: "1", MOST: "0"}},
    "closed by something else": {"spaces": (), "switches": {APPARMOR: "0", CLONE: "1", MOST: "9"}},
}

Machine = Callable[..., None]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Let it be another machine that is looked at."""

    def fake(
        *,
        platform: str = "linux",
        abi: int = 7,
        seccomp: bool = True,
        spaces: tuple[str, ...] = SPACES,
        uid: int | None = 1000,
        switches: Mapping[str, str] | None = None,
    ) -> None:
        def read(path: Path) -> str:
            name = str(path).removeprefix("/proc/sys/").replace("/", ".")
            if name not in (switches or {}):
                raise FileNotFoundError
            return f"{(switches or {})[name]}\n"

        monkeypatch.setattr(module.sys, "platform", platform)
        monkeypatch.setattr(module.landlock, "abi", lambda: abi)
        monkeypatch.setattr(module.seccomp, "supported", lambda: seccomp)
        monkeypatch.setattr(module, "namespaces_here", lambda: spaces)
        monkeypatch.setattr(module.os, "getuid", lambda: uid)
        if uid is None:
            monkeypatch.delattr(module.os, "getuid")
        monkeypatch.setattr(module.Path, "read_text", read)

    return fake


def test_every_machine_is_told_what_is_stopped_on_it_and_what_is_not(
    monkeypatch: pytest.MonkeyPatch, machine: Machine, update_golden: bool
) -> None:
    parts = []
    for name, words in MACHINES.items():
        monkeypatch.undo()
        machine(**words)
        said = [f"══ {name}"]
        for each in layers():
            said += [f"── {each.name}: {'yes' if each.enforced else 'no'}", each.says]
            said += [each.how] if each.how else []
        parts.append("\n".join(said) + "\n")
    monkeypatch.undo()
    text = "\n".join(parts)
    if update_golden:
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_strict_mode_asks_nothing_more_of_a_complete_machine(machine: Machine) -> None:
    machine()
    require_every_layer()


def test_strict_mode_names_the_layer_that_is_missing_and_how_to_get_it(machine: Machine) -> None:
    machine(abi=0)
    with pytest.raises(PrerequisiteError) as refused:
        require_every_layer()
    assert refused.value.message == (
        "Strict mode judges nothing here, because a layer of isolation is missing: files. "
        "Code that is checked writes only its own folder, but can read all your files: this "
        "system has no Landlock (Linux 5.13 or later). It comes with Linux 5.13 and must stand in "
        "the list of security modules (lsm=landlock,… when the system starts):"
    )
    assert refused.value.command == "cat /sys/kernel/security/lsm"


@pytest.fixture
def anew() -> Iterator[None]:
    """Look at this machine's namespaces once more, and once more after the test."""
    namespaces_here.cache_clear()
    yield
    namespaces_here.cache_clear()


@pytest.mark.usefixtures("anew")
def test_the_namespaces_of_this_machine_are_those_that_a_child_enters() -> None:
    source = (Path(module.__file__).parent / "inside" / "namespaces.py").read_text("utf-8")
    asked = [sys.executable, "-c", f"{source}\nprint(*enter())"]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert namespaces_here() == tuple(done.stdout.split())


@pytest.mark.usefixtures("anew")
def test_looking_runs_nothing_of_the_folder_that_it_is_done_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json", "struct", "fcntl"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    namespaces_here()
    assert not (tmp_path / "ran").exists()


@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize(
    ("answer", "known"),
    [
        ('echo \'["user", "pid"]\'', ("user", "pid")),
        ("echo no", ()),
        ("exit 1", ()),
        ("exec sleep 3", ()),
        (None, ()),
    ],
)
def test_what_does_not_answer_has_no_namespaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str | None, known: tuple[str, ...]
) -> None:
    python = tmp_path / "python"
    if answer is not None:
        python.write_text(f"#!/bin/sh\n{answer}\n")
        python.chmod(0o755)
    began = time.monotonic()
    monkeypatch.setattr(module, "_SECONDS", 1)
    monkeypatch.setattr(module.sys, "executable", str(python))
    assert namespaces_here() == known
    assert time.monotonic() < began + 2.5


@pytest.mark.usefixtures("anew")
def test_other_systems_have_no_namespaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.sys, "platform", "darwin")
    monkeypatch.setattr(module.subprocess, "run", None)
    assert namespaces_here() == ()
