"""The interpreter of an environment is started with the program, and with nothing of ours."""

import io
import json
import os
import sys
import tempfile
from pathlib import Path

import pytest

import gradus
from gradus.core.errors import SandboxError
from gradus.core.lab import Limits, Profile
from gradus.sandbox import Returned, Runtime, WarmParent, program
from gradus.sandbox.quiet import TELEMETRY_OFF

TELLS = f"""#!{sys.executable}
import json, os, sys
print("first")
print(json.dumps({{
    "words": sys.argv[1:], "variables": dict(os.environ), "folder": os.getcwd(),
    "leads": os.getsid(0) == os.getpid(), "stdin": sys.stdin.read(),
    "fds": sorted(int(each) for each in os.listdir("/dev/fd")),
}}), file=sys.stderr)
"""


@pytest.fixture
def telling(tmp_path: Path) -> Runtime:
    """An interpreter that tells how it was started."""
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(TELLS)
    python.chmod(0o755)
    return Runtime(python, (), "telling")


def test_every_file_of_the_program_is_sent() -> None:
    inside = Path(program.__file__).parent / "inside"
    texts = {each.stem: each.read_text("utf-8") for each in inside.glob("*.py")}
    del texts["__init__"]
    assert dict(program.sources()) == texts


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_the_program_answers(method: str, tmp_path: Path) -> None:
    runtime = Runtime(Path(sys.executable), (), "own")
    with (
        WarmParent(runtime, method=method) as warm,  # type: ignore[arg-type]
        warm.child(tmp_path, Limits(), Profile.COMPUTE) as child,
    ):
        assert isinstance(child.request("put", value=1, timeout=9), Returned)


def test_a_child_has_these_variables_and_no_others() -> None:
    threads = [f"{name}_NUM_THREADS" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")]
    assert program.environment(Runtime(Path("/place/bin/python"), (), "own")) == {
        "PATH": "/place/bin",
        "USER": "learner",
        "LOGNAME": "learner",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "HOME": "/nonexistent",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "MALLOC_ARENA_MAX": "2",
        "MPLBACKEND": "Agg",
        "VECLIB_MAXIMUM_THREADS": "1",
        **dict.fromkeys(threads, "1"),
        **TELEMETRY_OFF,
    }


def test_an_interpreter_gets_the_program_and_nothing_else(
    telling: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "1")
    with tempfile.TemporaryFile() as passed:
        os.set_inheritable(passed.fileno(), False)
        process, complaints = program.start(telling, {"word": ["é"]}, [passed.fileno()])
        with process, complaints:
            assert process.wait(20) == 0
            complaints.seek(0)
            lines = complaints.read().decode().splitlines()
            told = json.loads(next(each for each in lines if each != "first"))
            assert "first" in lines
        fds = {0, 1, 2, passed.fileno()}
    assert told["words"][:3] == ["-s", "-P", "-c"]
    assert "gradus_inside" in told["words"][3]
    assert len(told["words"]) == 4
    assert told["variables"] == program.environment(telling) | {
        name: value for name, value in told["variables"].items() if name == "LC_CTYPE"
    }
    assert told["folder"] == "/"
    assert told["leads"]
    assert json.loads(told["stdin"]) == [
        {"word": ["é"]},
        [list(each) for each in program.sources()],
    ]
    assert fds < set(told["fds"])
    assert len(told["fds"]) == len(fds) + 1, "the folder that is listed"


def test_an_interpreter_that_is_not_there_is_our_failure(tmp_path: Path) -> None:
    before = sorted(os.listdir("/dev/fd"))
    with pytest.raises(SandboxError) as refused:
        program.start(Runtime(tmp_path / "gone", (), "base"), {}, [])
    assert str(refused.value).startswith(
        "The interpreter of the environment base cannot be started: [Errno 2]"
    )
    assert sorted(os.listdir("/dev/fd")) == before


@pytest.mark.parametrize(
    ("complained", "last"),
    [
        (b"", "it said nothing"),
        (b" \n\n", "it said nothing"),
        (b"Traceback\n  nothing\nImportError: numpy\n\n", "ImportError: numpy"),
        (b"no text: \xff\n", "no text: \ufffd"),
        (b"x" * 5000, "x" * 4000),
    ],
)
def test_the_last_line_of_a_complaint_is_told(complained: bytes, last: str) -> None:
    complaints = io.BytesIO(complained)
    complaints.seek(0, os.SEEK_END)
    assert program.said(complaints) == last


def test_a_complaint_that_was_closed_is_told_as_such() -> None:
    complaints = io.BytesIO()
    complaints.close()
    assert program.said(complaints) == "it was closed"


def test_the_program_knows_what_may_be_read_and_what_is_hidden(tmp_path: Path) -> None:
    (tmp_path / "labs").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "labs")
    runtime = Runtime(
        Path(sys.executable), ("numpy", "scipy"), "own", (tmp_path,), (tmp_path / "link",)
    )
    own = str(Path(gradus.__file__).resolve().parent)
    assert program.prefix_words(runtime) == {
        "imports": ["numpy", "scipy"],
        "readable": [str(tmp_path)],
        "hidden": [own, str((tmp_path / "labs").resolve())],
    }


def test_gradus_behind_a_link_is_hidden_where_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Path(gradus.__file__).resolve().parent
    (tmp_path / "gradus").symlink_to(own)
    monkeypatch.setattr(program, "__file__", str(tmp_path / "gradus" / "sandbox" / "program.py"))
    hidden = program.prefix_words(Runtime(Path(sys.executable), (), "own"))["hidden"]
    assert hidden == [str(own)]
