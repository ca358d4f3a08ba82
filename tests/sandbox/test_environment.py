"""Environments: found only when complete, built once, gone on with, and refused in a sentence."""

import errno
import json
import os
import subprocess
import sys
import threading
import time
import venv
from pathlib import Path
from types import SimpleNamespace

import pytest

from gradus.core.environment import EnvironmentSpec
from gradus.core.errors import PrerequisiteError
from gradus.sandbox import environment, interpreters
from gradus.sandbox.environment import find, folder_of, install, python_of
from gradus.sandbox.pip import Ended, Pip
from gradus.sandbox.quiet import TELEMETRY_OFF


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


# ── where environments lie ──


def test_environments_lie_where_the_variable_says_or_with_the_users_own(home, monkeypatch):
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GRADUS_ENVIRONMENTS", "~/some")
    assert environment.environment_home() == home / "some"
    monkeypatch.chdir(home)
    monkeypatch.setenv("GRADUS_ENVIRONMENTS", "here")
    assert environment.environment_home() == home / "here"
    monkeypatch.setattr(environment.platformdirs, "user_data_dir", lambda *a, **k: f"{a} {k}")
    own = Path("('gradus',) {'appauthor': False}") / "environments"
    monkeypatch.setenv("GRADUS_ENVIRONMENTS", "")
    assert environment.environment_home() == own
    monkeypatch.delenv("GRADUS_ENVIRONMENTS")
    assert environment.environment_home() == own


def test_each_lock_has_a_folder_of_its_own(home):
    assert folder_of(spec(digest="0123456789abcdef")) == home / "tiny-0123456789ab"


def test_the_interpreter_lies_where_the_system_puts_it(monkeypatch):
    assert python_of(Path("/e")) == Path("/e/bin/python")
    monkeypatch.setattr(environment, "os", SimpleNamespace(name="nt"))
    assert python_of(Path("/e")) == Path("/e/Scripts/python.exe")


def test_an_environment_whose_interpreter_is_gone_is_not_found(home, pip, quick):
    python = install(spec(), lambda line: None)
    python.unlink()
    assert find(spec()) is None


def test_a_stamp_that_is_no_json_does_not_count(home, pip, quick):
    install(spec(), lambda line: None)
    (folder_of(spec()) / environment.STAMP).write_text("{")
    assert find(spec()) is None


# ── what is said and done while one is built ──


def test_what_is_built_is_told_and_stamped(home, pip, quick):
    said: list[str] = []
    wanted = spec(imports=("json", "csv"))
    folder_of(wanted).mkdir()
    (folder_of(wanted) / "left.txt").write_text("of an earlier try")
    python = install(wanted, said.append)
    folder = home / "tiny-aaaaaaaaaaaa"
    assert python == folder / "bin" / "python"
    made, of_pip = said[0], said[1]
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert made == f"Making 'tiny' with Python {version} in {folder}"
    assert of_pip == "Importing json, csv"
    assert said[2].startswith("'tiny' is complete (")
    stamp = json.loads((folder / "gradus-complete.json").read_text(encoding="utf-8"))
    assert stamp == {"name": "tiny", "digest": f"sha256:{'a' * 64}"}
    assert not (folder / "left.txt").exists()
    assert sorted(each.name for each in folder.glob("*.json*")) == ["gradus-complete.json"]


def test_the_place_for_environments_is_made_where_it_is_missing(home, monkeypatch, pip, quick):
    monkeypatch.setenv("GRADUS_ENVIRONMENTS", str(home / "a" / "b"))
    assert install(spec(), lambda line: None).is_relative_to(home / "a" / "b")


def test_how_long_it_took_is_told_in_seconds(home, pip, quick, monkeypatch):
    times = iter([100.0, 162.4])
    monkeypatch.setattr(environment, "time", SimpleNamespace(monotonic=lambda: next(times)))
    said: list[str] = []
    install(spec(), said.append)
    assert said[-1] == "'tiny' is complete (62 s)."


def test_the_folder_that_is_gone_on_with_is_named(home, pip, quick):
    folder = folder_of(spec())
    venv.create(folder, symlinks=True)
    said: list[str] = []
    install(spec(), said.append)
    assert said[0] == f"Going on with 'tiny' in {folder}"


def test_a_place_without_room_is_told_with_another_place(home, monkeypatch):
    def full(spec, report):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(environment, "build", full)
    with pytest.raises(PrerequisiteError) as error:
        install(spec(), lambda line: None)
    assert str(error.value).splitlines() == [
        f"The environment 'tiny' could not be built in {home}: No space left on device.",
        "GRADUS_ENVIRONMENTS=/a/place/with/room gradus install tiny",
    ]

    def odd(spec, report):
        raise OSError("odd")

    monkeypatch.setattr(environment, "build", odd)
    with pytest.raises(PrerequisiteError, match=f"could not be built in {home}: odd"):
        install(spec(), lambda line: None)


def test_one_that_another_process_completes_meanwhile_is_taken(home, pip, quick, monkeypatch):
    python = install(spec(), lambda line: None)
    looks = iter([None, python])
    monkeypatch.setattr(environment, "find", lambda spec: next(looks))
    said: list[str] = []
    assert install(spec(), said.append) == python
    assert said == []


def test_where_nothing_may_be_written_what_is_complete_is_found(home, pip, quick, monkeypatch):
    python = install(spec(), lambda line: None)
    (home / ".tiny.lock").unlink()
    (home / ".tiny.lock").mkdir()
    assert install(spec(), lambda line: None) == python


class Ran:
    """Takes the place of a program that is run to its end; what it was asked is kept."""

    def __init__(self, returncode=0, stdout="", stderr="", fault=None):
        self.ended = subprocess.CompletedProcess([], returncode, stdout, stderr)
        self.words, self.options, self.fault = [], {}, fault

    def __call__(self, words, **options):
        self.words, self.options = words, options
        if self.fault:
            raise self.fault
        return self.ended


OWN = ["/e/bin/python", "-I"]


@pytest.mark.parametrize(
    ("ran", "whole"),
    [
        (Ran(0), True),
        (Ran(1), False),
        (Ran(fault=OSError()), False),
        (Ran(fault=subprocess.TimeoutExpired("python", 60)), False),
    ],
)
def test_an_interpreter_is_whole_where_its_pip_answers(tmp_path, monkeypatch, ran, whole):
    monkeypatch.setattr(subprocess, "run", ran)
    python = tmp_path / "python"
    assert not environment.runs(python)
    assert ran.words == []
    python.touch()
    assert environment.runs(python) is whole
    assert ran.words == [str(python), "-I", "-m", "pip", "--version"]
    assert ran.options == {"capture_output": True, "timeout": 60, "check": False}


@pytest.mark.parametrize(
    ("ran", "reason"),
    [
        (Ran(1, "", "Error:\nno ensurepip\n\n"), "no ensurepip"),
        (Ran(1, "of stdout\n", ""), "of stdout"),
        (Ran(1, "beside\n", "the reason\n"), "the reason"),
        (Ran(2), "no reason"),
    ],
)
@pytest.mark.parametrize("half_made", [True, False])
def test_an_environment_that_cannot_be_made_is_told_with_the_reason(
    tmp_path, monkeypatch, ran, reason, half_made
):
    monkeypatch.setattr(subprocess, "run", ran)
    folder = tmp_path / "e"
    if half_made:
        folder.mkdir()
    with pytest.raises(PrerequisiteError) as error:
        environment.make_virtual_environment(Path("/own/python"), folder, "tiny")
    assert str(error.value).splitlines() == [
        f"/own/python could not make a virtual environment: {reason}",
        "gradus install tiny",
    ]
    assert ran.words == ["/own/python", "-I", "-m", "venv", str(folder)]
    assert not folder.exists()


def test_an_environment_that_is_made_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(subprocess, "run", Ran(0, "", "a warning"))
    environment.make_virtual_environment(Path("/own/python"), tmp_path, "tiny")
    assert tmp_path.is_dir()


@pytest.mark.parametrize(
    ("stderr", "reason"), [("Trace\nImportError: no a\n\n", "ImportError: no a"), ("", "no reason")]
)
def test_what_does_not_import_is_told_with_the_reason(monkeypatch, stderr, reason):
    ran = Ran(1, "beside", stderr)
    monkeypatch.setattr(subprocess, "run", ran)
    with pytest.raises(PrerequisiteError) as error:
        environment.import_all(Path("/e/bin/python"), spec(imports=("a", "b")))
    assert str(error.value).splitlines() == [
        f"'tiny' is installed, but does not import: {reason}",
        "gradus install tiny",
    ]
    assert ran.words == [*OWN, "-c", "import a, b"]


def test_imports_call_nobody_at_home_and_none_are_no_program(monkeypatch):
    ran = Ran()
    monkeypatch.setattr(subprocess, "run", ran)
    environment.import_all(Path("/e/bin/python"), spec(imports=()))
    assert ran.words == []
    monkeypatch.setenv("WANDB_MODE", "online")
    monkeypatch.setenv("OF_MINE", "1")
    environment.import_all(Path("/e/bin/python"), spec())
    assert TELEMETRY_OFF.items() <= ran.options["env"].items()
    assert ran.options["env"]["OF_MINE"] == "1"


# ── what earlier locks left ──


def test_only_what_is_an_environment_of_that_name_is_removed(home, monkeypatch):
    monkeypatch.setattr(environment, "command_lines", list)
    removed, kept = (
        f"tiny-{'b' * 12}",
        [
            f"tiny-{'a' * 12}",
            f"tiny-{'b' * 11}",
            f"tiny-{'b' * 13}",
            f"tiny-er-{'b' * 9}x",
            f"other-{'b' * 12}",
        ],
    )
    for name in (removed, *kept):
        (home / name / "bin").mkdir(parents=True)
    (home / f"tiny-{'c' * 12}").write_text("a file")
    environment.remove_others(spec(), lambda line: None)
    assert sorted(each.name for each in home.iterdir()) == sorted([*kept, f"tiny-{'c' * 12}"])


def test_one_in_use_is_told_and_the_others_still_go(home, monkeypatch):
    used, unused = (home / f"tiny-{each * 12}" for each in "bc")
    used.mkdir()
    unused.mkdir()
    lines = ["/bin/x", f"{used}/bin/python -m work", f"less {unused}"]
    monkeypatch.setattr(environment, "command_lines", lambda: lines)
    said: list[str] = []
    environment.remove_others(spec(), said.append)
    assert (used.exists(), unused.exists()) == (True, False)
    assert said == [
        f"The earlier 'tiny' in {used} is in use and stays. Once nothing runs in it, "
        "`gradus install tiny` removes it."
    ]


def test_an_earlier_one_that_cannot_be_removed_is_left(home, monkeypatch):
    (home / f"tiny-{'b' * 12}").mkdir()
    monkeypatch.setattr(environment, "command_lines", list)

    def refused(*words, **options):
        raise PermissionError

    with monkeypatch.context() as locked:
        locked.setattr(os, "rmdir", refused)
        environment.remove_others(spec(), lambda line: None)
    assert (home / f"tiny-{'b' * 12}").is_dir()


def test_command_lines_are_those_of_proc_with_their_words(tmp_path, monkeypatch):
    for number, line in (("1", b"/e/bin/python\0-m\0caf\xe9\0"), ("self", b"x"), ("22", b"")):
        (tmp_path / number).mkdir()
        (tmp_path / number / "cmdline").write_bytes(line)
    (tmp_path / "3" / "cmdline").mkdir(parents=True)
    monkeypatch.setattr(environment, "Path", {"/proc": tmp_path}.get)
    assert sorted(environment.command_lines()) == ["", "/e/bin/python -m caf\ufffd "]


def test_all_processes_are_asked_of_ps_where_proc_is_empty(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "Path", lambda _: tmp_path)
    ran = Ran(0, "/a/python\n")
    monkeypatch.setattr(subprocess, "run", ran)
    assert environment.command_lines() == ["/a/python", ""]
    assert ran.words == ["ps", "-axww", "-o", "args="]
    assert ran.options == {"capture_output": True, "text": True, "check": False}


# ── one at a time ──


def test_who_waits_is_told_every_ten_seconds(tmp_path, monkeypatch):
    free = iter([False] * 21 + [True])
    slept: list[float] = []
    monkeypatch.setattr(environment, "try_lock", lambda stream: next(free))
    monkeypatch.setattr(environment, "time", SimpleNamespace(sleep=slept.append))
    said: list[str] = []
    with environment.only_one(tmp_path / "lock", "tiny", said.append):
        assert said == [
            f"Another process is installing 'tiny'; waiting for it ({waited} s)."
            for waited in (0, 10, 20)
        ]
        assert slept == [1] * 21


def test_a_lock_is_held_until_its_file_is_closed(tmp_path):
    path = tmp_path / "lock"
    with path.open("a+") as one, path.open("a+") as other:
        assert environment.try_lock(one)
        assert not environment.try_lock(other)
        one.close()
        assert environment.try_lock(other)


def test_a_lock_of_windows_is_asked_for_without_waiting(tmp_path, monkeypatch):
    asked = []

    def locking(fd, how, n_bytes):
        asked.append((fd, how, n_bytes))
        if len(asked) > 1:
            raise OSError

    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(locking=locking, LK_NBLCK="now"))
    with (tmp_path / "lock").open("a+") as stream:
        monkeypatch.setattr(environment, "os", SimpleNamespace(name="nt"))
        assert environment.try_lock(stream)
        assert not environment.try_lock(stream)
        assert asked == [(stream.fileno(), "now", 1)] * 2
