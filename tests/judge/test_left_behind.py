"""A child's folder between two runs: what is read and laid there, and whose doing a failure is."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from gradus.judge import left_behind
from gradus.judge.left_behind import lay_in, left_in
from gradus.judge.submissions import LEFT_OUT
from gradus.judge.trouble import Ours, ProcessEnded, Stopped

WAYS = {"read": left_in, "written": lambda folder: lay_in(folder, {"a.txt": b"a"})}
CALLS = {"read": "read_files", "written": "write_files"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a child."""
    made = tmp_path / "child"
    made.mkdir()
    return made


def test_what_code_left_is_read_without_what_no_work_consists_of(folder: Path) -> None:
    lay_in(folder, {"work.py": b"x = 1", "sub/a.txt": b"a"})
    for name in (*LEFT_OUT, ".tmp"):
        lay_in(folder, {f"{name}/noise.txt": b"noise", f"sub/{name}": b"noise"})
    assert left_in(folder) == {"sub/a.txt": b"a", "work.py": b"x = 1"}


@pytest.mark.parametrize("how", WAYS)
def test_a_folder_that_was_locked_is_opened(folder: Path, how: str) -> None:
    folder.chmod(0)
    WAYS[how](folder)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_too_much_in_a_folder_stops_the_work(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(left_behind, "MOST_FILES", 2)
    monkeypatch.setattr(left_behind, "MOST_BYTES", 2**20)
    said = "^The code left more than 1 MiB or 2 files in its folder.$"
    lay_in(folder, {"a": b"", "b": bytes(2**20)})
    assert len(left_in(folder)) == 2
    lay_in(folder, {"a": b"a"})
    with pytest.raises(Stopped, match=said):
        left_in(folder)
    lay_in(folder, {"b": b"", "c": b""})
    with pytest.raises(Stopped, match=said):
        left_in(folder)


@pytest.mark.parametrize("how", WAYS)
def test_what_stands_in_the_way_is_the_codes_doing(folder: Path, how: str) -> None:
    folder.rmdir()
    folder.write_bytes(b"no folder any more")
    with pytest.raises(ProcessEnded, match=f"^The code left a folder that cannot be {how}.$"):
        WAYS[how](folder)


def failing(number: int) -> Callable[..., NoReturn]:
    def fails(*args: Any, **kwargs: Any) -> NoReturn:
        raise OSError(number, os.strerror(number))

    return fails


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("name", ["ENOSPC", "EDQUOT", "EROFS", "EIO", "EMFILE", "ENFILE"])
def test_what_the_machine_lacks_is_ours(
    folder: Path, monkeypatch: pytest.MonkeyPatch, how: str, name: str
) -> None:
    number = getattr(errno, name)
    monkeypatch.setattr(left_behind, CALLS[how], failing(number))
    said = f"the folder of an attempt cannot be {how}: {os.strerror(number)}"
    with pytest.raises(Ours) as trouble:
        WAYS[how](folder)
    assert str(trouble.value) == said
