"""The demonstration is followed to its end, and nothing of it is left, whatever ends it."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gradus.catalogue import load_catalogue
from gradus.core.errors import PrerequisiteError, UsageError
from gradus.desk import demos
from gradus.desk.demos import Pace, Step, examples_place, tell_production

STORY = """
import json, shutil, signal, sys, time
from pathlib import Path

def option(name):
    return sys.argv[sys.argv.index(name) + 1]

folder, port = Path(option("--folder")), option("--port")
(folder / "state.db").write_text("x")
signal.signal(signal.SIGTERM, lambda *_: (shutil.rmtree(folder, ignore_errors=True), sys.exit(1)))
address = f"http://127.0.0.1:{port}/"

def say(step, end="\\n"):
    line = {"step": step, "says": f"{step} came.", "seconds": 1.5, "address": address}
    sys.stdout.write(json.dumps(line)[:20])
    sys.stdout.flush()
    time.sleep(0.15)
    sys.stdout.write(json.dumps(line)[20:] + end)
    sys.stdout.flush()

say("model")
print("a warning of a library", file=sys.stderr, flush=True)
MIDDLE
say("end")
shutil.rmtree(folder)
"""


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Put a small story in the example's place; its middle is given."""

    def put(middle: str) -> None:
        package = tmp_path / "examples" / "fraud" / "fraud"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("")
        (package / "__main__.py").write_text(STORY.replace("MIDDLE", middle))
        monkeypatch.setattr(demos, "examples_place", lambda: tmp_path / "examples")
        monkeypatch.setattr(demos, "find", lambda spec: Path(sys.executable))
        (tmp_path / "temporary").mkdir()
        monkeypatch.setattr(demos.tempfile, "tempdir", str(tmp_path / "temporary"))

    return put


def left_behind(tmp_path: Path) -> list[str]:
    return [path.name for path in (tmp_path / "temporary").iterdir()]


def test_every_step_is_handed_on_and_nothing_is_left(story, tmp_path: Path):
    story("pass")
    told: list[Step] = []
    assert tell_production(load_catalogue(), Pace(fast=True), told.append) == ""
    assert [(each.name, each.says, each.seconds) for each in told] == [
        ("model", "model came.", 1.5),
        ("end", "end came.", 1.5),
    ]
    assert told[0].address.startswith("http://127.0.0.1:")
    assert left_behind(tmp_path) == []


def test_a_story_that_breaks_off_says_why_and_leaves_nothing(story, tmp_path: Path):
    story('sys.exit("fraud: the drift was not noticed")')
    fault = tell_production(load_catalogue(), Pace(), lambda _: None)
    assert fault == "the drift was not noticed"
    assert left_behind(tmp_path) == []


def test_a_person_who_interrupts_it_leaves_nothing(story, tmp_path: Path):
    story("time.sleep(60)")

    def interrupt(step: Step) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tell_production(load_catalogue(), Pace(), interrupt)
    assert left_behind(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_killed_gradus_leaves_neither_process_nor_file(story, tmp_path: Path):
    story("time.sleep(60)")
    program = (
        "import sys; from pathlib import Path; from gradus.desk import demos;"
        "from gradus.catalogue import load_catalogue; place = Path(sys.argv[1]);"
        "demos.examples_place = lambda: place / 'examples';"
        "demos.find = lambda spec: Path(sys.executable);"
        "demos.tempfile.tempdir = str(place / 'temporary');"
        "demos.tell_production(load_catalogue(), demos.Pace(), lambda s: print(s, flush=True))"
    )
    words = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as gradus:
        assert gradus.stdout is not None
        assert "model came" in gradus.stdout.readline()
        ours = [pid for pid in _processes() if str(tmp_path) in _words(pid)]
        assert len(ours) >= 2
        os.kill(gradus.pid, signal.SIGKILL)
    end = time.monotonic() + 60
    while left_behind(tmp_path) or [pid for pid in ours if str(tmp_path) in _words(pid)]:
        assert time.monotonic() < end, left_behind(tmp_path)
        time.sleep(0.05)


def test_a_missing_environment_is_said_with_the_command(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(demos, "find", lambda spec: None)
    with pytest.raises(PrerequisiteError) as missing:
        tell_production(load_catalogue(), Pace(), lambda _: None)
    assert missing.value.command == "gradus install ops"


def test_a_port_in_use_is_said_before_anything_is_started(story, tmp_path: Path):
    story("pass")
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        with pytest.raises(UsageError, match="in use by another program"):
            tell_production(load_catalogue(), Pace(port=held.getsockname()[1]), lambda _: None)
    assert left_behind(tmp_path) == []


def test_the_example_is_there():
    assert (examples_place() / "fraud" / "gradus.toml").is_file()


def _processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").glob("[0-9]*")]


def _words(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""
