"""Environments: found only when complete, built once, gone on with, and refused in a sentence."""

import json
import subprocess
import sys
import threading
import time
import venv
from pathlib import Path

import pytest

from gradus.core.environment import EnvironmentSpec
from gradus.core.errors import PrerequisiteError
from gradus.sandbox import environment, interpreters
from gradus.sandbox.environment import find, folder_of, install, python_of
from gradus.sandbox.pip import Ended, Pip, Progress


def spec(lock: str = "", digest: str = "a" * 64, **fields) -> EnvironmentSpec:
    return EnvironmentSpec(
        name=fields.get("name", "tiny"),
        summary="",
        python=fields.get("python", ">=3.11"),
        lock=lock,
        digest=f"sha256:{digest}",
        imports=fields.get("imports", ("json",)),
    )


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADUS_ENVIRONMENTS", str(tmp_path))
    monkeypatch.setattr("gradus.sandbox.pip.PAUSE_SECONDS", 0.0)
    return tmp_path


@pytest.fixture
def pip(monkeypatch) -> list[list[str]]:
    """Take the place of pip; every installation asked for is kept."""
    asked: list[list[str]] = []

    def install_lines(self, lines, options):
        asked.append([*lines, *options])
        return Ended(ok=True)

    monkeypatch.setattr(Pip, "_install", install_lines)
    monkeypatch.setattr(Pip, "_compile", lambda self: None)
    return asked


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make environments without pip, which takes most of the time."""

    def make(python: Path, folder: Path, name: str) -> None:
        venv.create(folder, symlinks=True)

    monkeypatch.setattr(environment, "make_virtual_environment", make)
    monkeypatch.setattr(environment, "runs", Path.exists)


def test_an_environment_is_found_only_with_its_stamp(home, pip, quick):
    wanted = spec("numpy==1\n")
    assert find(wanted) is None
    said: list[str] = []
    python = install(wanted, said.append)
    assert find(wanted) == python
    assert pip == [["numpy==1"]]
    (folder_of(wanted) / environment.STAMP).unlink()
    assert find(wanted) is None


def test_a_half_built_one_is_gone_on_with(home, pip, quick):
    wanted = spec()
    install(wanted, lambda line: None)
    made = python_of(folder_of(wanted)).lstat().st_ino
    (folder_of(wanted) / environment.STAMP).unlink()
    said: list[str] = []
    install(wanted, said.append)
    assert said[0].startswith("Going on with 'tiny'")
    assert python_of(folder_of(wanted)).lstat().st_ino == made


def test_one_that_does_not_start_is_made_anew(home, pip):
    wanted = spec()
    python_of(folder_of(wanted)).parent.mkdir(parents=True)
    python_of(folder_of(wanted)).write_text("half a program")
    assert subprocess.run([install(wanted, lambda line: None), "-c", ""], check=True)


def test_what_is_complete_is_not_touched(home, pip, quick):
    install(spec(), lambda line: None)
    pip.clear()
    said: list[str] = []
    install(spec(), said.append)
    assert (pip, said) == ([], [])


def test_an_earlier_lock_of_the_same_name_is_removed_when_the_new_one_is_complete(home, pip, quick):
    install(spec(digest="a" * 64), lambda line: None)
    (home / "tiny-of-mine").mkdir()
    install(spec(digest="b" * 64), lambda line: None)
    assert sorted(each.name for each in home.iterdir() if each.is_dir()) == [
        "tiny-bbbbbbbbbbbb",
        "tiny-of-mine",
    ]


def test_an_earlier_lock_stays_while_something_runs_in_it_and_goes_with_the_next(home, pip, quick):
    earlier = install(spec(digest="a" * 64), lambda line: None)
    words = [str(earlier), "-c", "input()"]
    said: list[str] = []
    with subprocess.Popen(words, stdin=subprocess.PIPE) as running:
        install(spec(digest="b" * 64), said.append)
        assert earlier.exists()
        assert any(f"in {folder_of(spec(digest='a' * 64))} is in use and stays" in x for x in said)
        running.communicate(b"\n")
    install(spec(digest="b" * 64), said.append)
    assert not earlier.exists()


def test_an_earlier_lock_stays_while_another_gradus_installs(home, pip, quick, monkeypatch):
    install(spec(digest="b" * 64), lambda line: None)
    half = folder_of(spec(digest="c" * 64))
    half.mkdir()
    monkeypatch.setattr(environment, "try_lock", lambda stream: False)
    install(spec(digest="b" * 64), lambda line: None)
    assert half.is_dir()
    monkeypatch.undo()
    monkeypatch.setenv("GRADUS_ENVIRONMENTS", str(home))
    install(spec(digest="b" * 64), lambda line: None)
    assert not half.exists()


def test_without_proc_the_processes_are_told_by_ps_or_not_at_all(monkeypatch):
    monkeypatch.setattr(environment, "Path", lambda _: Path("/nowhere"))
    said = subprocess.CompletedProcess([], 0, stdout="/a/python -m b\n/c\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: said)
    assert environment.command_lines()[:2] == ["/a/python -m b", "/c"]

    def no_ps(*_, **__):
        raise FileNotFoundError

    monkeypatch.setattr(subprocess, "run", no_ps)
    assert environment.command_lines() == []


def test_a_stamp_of_another_lock_does_not_count(home, pip, quick):
    wanted = spec()
    install(wanted, lambda line: None)
    stamp = folder_of(wanted) / environment.STAMP
    stamp.write_text(json.dumps({"digest": "sha256:other"}))
    assert find(wanted) is None
    stamp.write_text("[]")
    assert find(wanted) is None


def test_two_installations_at_once_are_one(home, monkeypatch, quick):
    builds, said = [], []

    def slow(self, lock):
        builds.append(1)
        time.sleep(0.4)

    monkeypatch.setattr(Pip, "install_lock", slow)
    threads = [threading.Thread(target=install, args=(spec(), said.append)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(builds) == 1
    assert any("Another process is installing 'tiny'" in line for line in said)


def test_a_library_that_does_not_import_is_met_here_and_not_in_a_lab(home, pip, quick):
    with pytest.raises(PrerequisiteError, match="No module named 'no_such_thing'"):
        install(spec(imports=("no_such_thing",)), lambda line: None)
    assert find(spec(imports=("no_such_thing",))) is None


def test_a_place_that_cannot_be_written_is_named(home, monkeypatch):
    (home / "file").write_text("")
    monkeypatch.setenv("GRADUS_ENVIRONMENTS", str(home / "file" / "deeper"))
    with pytest.raises(PrerequisiteError, match="Not a directory"):
        install(spec(), lambda line: None)


def test_a_missing_python_is_named_with_the_command_that_installs_it(home):
    with pytest.raises(PrerequisiteError, match=r"needs Python >=4\.7, and none was found") as told:
        install(spec(python=">=4.7"), lambda line: None)
    assert str(told.value).splitlines()[-1] == told.value.command != ""


def test_a_python_without_venv_is_named(home, monkeypatch):
    monkeypatch.setattr(interpreters, "ask", lambda python: ((3, 12), False))
    with pytest.raises(PrerequisiteError, match="its venv module is not installed"):
        install(spec(), lambda line: None)


def test_a_broken_network_is_tried_again_and_then_told_with_the_same_command(monkeypatch):
    tries: list[int] = []

    def broken(self, lines, options):
        tries.append(1)
        return Ended(ok=False, fault="Connection reset by peer", worth_another_try=True)

    monkeypatch.setattr(Pip, "_install", broken)
    said: list[str] = []
    with pytest.raises(PrerequisiteError, match="fetched so far is kept") as told:
        Pip(Path(sys.executable), "deep", said.append).install_lock("torch==1\n")
    assert len(tries) == 3
    assert told.value.command == "gradus install deep"
    assert said[0].startswith("The network broke off (Connection reset by peer); try 2 of 3")


def test_a_cpu_build_is_looked_for_in_the_configured_sources_first(monkeypatch):
    asked: list[list[str]] = []

    def only_elsewhere(self, lines, options):
        asked.append([*lines, *options])
        return Ended(ok=bool(options) or "+cpu" not in lines[0], fault="none", nowhere=not options)

    monkeypatch.setattr(Pip, "_install", only_elsewhere)
    monkeypatch.setattr(Pip, "_compile", lambda self: None)
    lock = "numpy==1\ntorch==2+cpu ; sys_platform == 'linux'\n"
    Pip(Path(sys.executable), "deep", lambda line: None).install_lock(lock)
    assert [line[0].split("=")[0] for line in asked] == ["torch", "torch", "numpy"]
    assert "--extra-index-url" in asked[1]
    assert "--extra-index-url" not in asked[2]


def test_what_pip_says_becomes_a_few_lines_for_a_person():
    said: list[str] = []
    progress = Progress(2, said.append)
    for line in (
        "Collecting torch==2.13.0",
        "  Downloading https://x/torch-2.13.0-cp311-cp311-linux.whl (190.3 MB)",
        "Collecting tiny==1",
        "  Downloading tiny-1-py3-none-any.whl (12 kB)",
        "Installing collected packages: torch, tiny",
    ):
        progress.take(line)
    assert [line.strip() for line in said] == [
        "[1/2] torch==2.13.0",
        "[1/2] fetching torch, 190.3 MB",
        "[2/2] tiny==1",
        "Installing 2 packages",
    ]


@pytest.mark.parametrize(
    ("lines", "nowhere", "again"),
    [
        (["ERROR: No matching distribution found for torch==2.13.0+cpu"], True, False),
        (
            [
                "WARNING: Retrying (Retry(total=0)) after 'NewConnectionError'",
                "ERROR: No matching distribution found for numpy==1",
            ],
            False,
            True,
        ),
        (
            ["ERROR: Could not install packages due to an OSError: [Errno 28] No space left"],
            False,
            False,
        ),
        (["urllib3.exceptions.ProtocolError: IncompleteRead(1 bytes read)"], False, True),
    ],
)
def test_a_missing_package_is_told_from_a_broken_network(lines, nowhere, again):
    progress = Progress(1, lambda line: None)
    for line in lines:
        progress.take(line)
    ended = progress.ended(1)
    assert (ended.nowhere, ended.worth_another_try) == (nowhere, again)
    assert ended.fault


def test_ctrl_c_ends_pip_too(home, monkeypatch):
    monkeypatch.setattr("gradus.sandbox.pip.HEARTBEAT_SECONDS", 0.05)

    def interrupted(line: str) -> None:
        raise KeyboardInterrupt

    tool = Pip(Path(sys.executable), "tiny", interrupted)
    before = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        tool._follow([sys.executable, "-c", "import time; time.sleep(60)"], 1)
    assert time.monotonic() - before < 10
