"""A save is noticed, whichever way an editor makes it and whether or not the system tells."""

import os
import queue
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradus.desk.watching import Watch
from gradus.desk.workspace import Workspace, create_workspace

PATIENCE = 10.0


class Seen:
    """What a watch called, in order."""

    def __init__(self) -> None:
        self.calls: queue.Queue[str] = queue.Queue()

    def next(self) -> str:
        return self.calls.get(timeout=PATIENCE)

    def nothing_more(self, seconds: float = 0.3) -> bool:
        time.sleep(seconds)
        return self.calls.empty()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = create_workspace(tmp_path)
    (made.labs / "matmul").mkdir()
    (made.labs / "matmul" / "matmul.py").write_text("first\n")
    return made


@pytest.fixture(params=[True, False], ids=["events", "polling"])
def seen(request, workspace: Workspace) -> Iterator[Seen]:
    found = Seen()
    with Watch(workspace, found.calls.put, events=request.param, period=0.05):
        time.sleep(0.05)
        yield found


@pytest.fixture
def path(workspace: Workspace) -> Path:
    return workspace.labs / "matmul" / "matmul.py"


def test_a_file_written_in_place_is_seen_once(seen, path):
    path.write_text("second\n")
    assert seen.next() == "matmul"
    assert seen.nothing_more()


def test_a_file_replaced_by_another_is_seen(seen, path):
    fresh = path.with_name(".matmul.py.new")
    fresh.write_text("second\n")
    fresh.replace(path)
    assert seen.next() == "matmul"
    assert seen.nothing_more()


def test_a_file_moved_away_and_written_anew_is_seen_when_it_is_whole(seen, path):
    path.rename(path.with_name("matmul.py~"))
    time.sleep(0.02)
    path.write_text("second\n")
    assert seen.next() == "matmul"
    assert path.read_text() == "second\n"


def test_a_file_emptied_first_and_filled_later_is_one_save(seen, path):
    with path.open("w") as stream:
        time.sleep(0.03)
        stream.write("second\n")
    assert seen.next() == "matmul"
    assert seen.nothing_more()


def test_saving_the_same_text_again_counts_as_a_save(seen, path):
    os.utime(path, ns=(time.time_ns(), time.time_ns()))
    assert seen.next() == "matmul"


def test_a_file_that_is_gone_is_seen(seen, path):
    path.unlink()
    assert seen.next() == "matmul"


def test_opening_another_lab_is_no_save(seen, workspace):
    (workspace.labs / "softmax").mkdir()
    (workspace.labs / "softmax" / "softmax.py").write_text("starter\n")
    assert seen.nothing_more()
    (workspace.labs / "softmax" / "softmax.py").write_text("mine\n")
    assert seen.next() == "softmax"


def test_what_tools_and_editors_leave_behind_is_no_save(seen, path):
    (path.parent / "__pycache__").mkdir()
    (path.parent / "__pycache__" / "matmul.cpython-311.pyc").write_bytes(b"x")
    (path.parent / ".matmul.py.swp").write_bytes(b"x")
    (path.parent / "matmul.py~").write_bytes(b"x")
    assert seen.nothing_more()


def test_a_commit_is_seen_and_what_git_does_inside_is_not(seen, path):
    git = path.parent / ".git"
    (git / "objects").mkdir(parents=True)
    (git / "objects" / "pack").write_bytes(b"x")
    assert seen.nothing_more()
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    assert seen.next() == "matmul"


def test_folders_that_are_made_at_once_are_no_warning(workspace, path):
    with Watch(workspace, lambda _: None) as watch:
        assert watch.has_events
        for number in range(200):
            (path.parent / str(number) / "inner" / "most").mkdir(parents=True)
        said = "Callback with id '7' already exists for watch 3. It will be Overwritten."
        warnings.warn(said, RuntimeWarning, stacklevel=1)


def test_a_save_during_a_call_is_seen_after_it(workspace, path):
    calls: queue.Queue[str] = queue.Queue()

    def slow(lab: str) -> None:
        if calls.empty():
            path.write_text("third, while the second is judged\n")
        calls.put(lab)

    with Watch(workspace, slow, period=0.05):
        path.write_text("second\n")
        assert [calls.get(timeout=PATIENCE) for _ in range(2)] == ["matmul", "matmul"]


def test_without_events_of_the_system_it_says_so_and_still_sees(workspace, path, monkeypatch):
    def none_left(*_args, **_kwargs):
        raise OSError("inotify watch limit reached")

    monkeypatch.setattr("gradus.desk.watching.Observer.schedule", none_left, raising=False)
    calls: queue.Queue[str] = queue.Queue()
    with Watch(workspace, calls.put, period=0.05) as watch:
        assert not watch.has_events
        path.write_text("second\n")
        assert calls.get(timeout=PATIENCE) == "matmul"


def test_what_a_service_writes_where_git_ignores_it_is_no_save(workspace: Workspace) -> None:
    project = workspace.labs / "matmul"
    (project / ".gitignore").write_text("*.log\nstate/\n")
    calls: queue.Queue[str] = queue.Queue()
    with Watch(workspace, calls.put, projects={"matmul"}, events=False, period=0.02):
        (project / "requests.log").write_text("one\n")
        (project / "state").mkdir()
        (project / "state" / "model").write_text("two\n")
        time.sleep(0.2)
        assert calls.empty()
        (project / "serve.py").write_text("three\n")
        assert calls.get(timeout=PATIENCE) == "matmul"
