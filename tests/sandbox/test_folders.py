"""What a child left in its folder is read, written over and removed without being trusted."""

import ctypes
import errno
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from gradus.sandbox import ChildEnded, folders
from gradus.sandbox.folders import is_beyond, read_files, remove_tree, write_files

BOUNDS = {"most_bytes": 1000, "most_files": 10}
OVERRIDES = 0b110
"""The capabilities by which root reads and writes whatever the mode of a file."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder beside a secret; elsewhere, where we are, nothing may change."""
    inner, elsewhere = tmp_path / "folder", tmp_path / "elsewhere"
    for place in (inner, elsewhere, elsewhere / "inner", elsewhere / "d"):
        place.mkdir(mode=0o750)
    (elsewhere / "file").touch()
    (tmp_path / "secret.txt").write_text("secret")
    monkeypatch.chdir(elsewhere)
    before = {each: each.stat() for each in sorted(elsewhere.rglob("*"))}
    fds = sorted(os.listdir("/dev/fd"))
    yield inner
    monkeypatch.undo()
    assert {each: each.stat() for each in sorted(elsewhere.rglob("*"))} == before
    assert (tmp_path / "secret.txt").read_text() == "secret"
    assert sorted(os.listdir("/dev/fd")) == fds


@contextmanager
def without_overrides() -> Iterator[None]:
    """Let the modes of files hold as they hold for ordinary users, also where root runs tests."""
    if sys.platform != "linux" or os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    held = (ctypes.c_uint32 * 6)()
    assert libc.capget(header, held) == 0
    fewer = (ctypes.c_uint32 * 6)(held[0] & ~OVERRIDES, *held[1:])
    assert libc.capset(header, fewer) == 0
    try:
        yield
    finally:
        assert libc.capset(header, held) == 0


def failing(code: int) -> Callable[..., Any]:
    """Return a system call that ends in an error."""

    def fail(*_: Any, **__: Any) -> Any:
        raise OSError(code, os.strerror(code))

    return fail


def test_regular_files_are_read_in_order(folder: Path) -> None:
    (folder / "b").mkdir()
    (folder / "b" / "x.txt").write_text("2")
    (folder / "a.txt").write_text("1")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "x").write_text("3")
    found = read_files(folder, **BOUNDS, left_out={"__pycache__"})
    assert list(found.items()) == [("a.txt", b"1"), ("b/x.txt", b"2")]


def test_links_and_pipes_are_not_there(folder: Path) -> None:
    (folder / "link").symlink_to(folder.parent / "secret.txt")
    (folder / "around").symlink_to(folder.parent)
    os.mkfifo(folder / "pipe")
    assert read_files(folder, **BOUNDS) == {}


@pytest.mark.parametrize("made", ["link", "pipe"])
def test_what_is_exchanged_just_before_it_is_opened_is_not_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, made: str
) -> None:
    real = os.open

    def late(name: Any, *words: Any, **options: Any) -> int:
        if name == "a.txt":
            (folder / name).unlink()
            if made == "link":
                (folder / name).symlink_to(folder.parent / "secret.txt")
            else:
                os.mkfifo(folder / name)
        return real(name, *words, **options)

    (folder / "a.txt").write_text("1")
    monkeypatch.setattr(os, "open", late)
    assert read_files(folder, **BOUNDS) == {}


def test_what_cannot_be_read_is_not_there(folder: Path) -> None:
    (folder / "a.txt").write_text("1")
    (folder / "b.txt").write_text("2")
    (folder / "c").mkdir()
    (folder / "c" / "d.txt").write_text("3")
    for name in ("a.txt", "c"):
        (folder / name).chmod(0)
    with without_overrides():
        assert read_files(folder, **BOUNDS) == {"b.txt": b"2"}


def test_a_name_that_is_no_text_is_shown_with_its_bytes(folder: Path) -> None:
    for name in (b"\xff", "é".encode(), b"a\nb\tc", b"\x1b[31m"):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).touch()
    assert sorted(read_files(folder, **BOUNDS)) == ["\\x1b[31m", "\\xff", "a\\nb\\tc", "é"]


def test_every_descriptor_is_closed_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Closed twice, it could be another thread's by then."""
    closed = []
    real = os.close

    def close(fd: int) -> None:
        os.fstat(fd)
        closed.append(fd)
        real(fd)

    monkeypatch.setattr(os, "close", close)
    (folder / "a").mkdir()
    (folder / "a" / "b.txt").write_text("1")
    assert read_files(folder, **BOUNDS) == {"a/b.txt": b"1"}
    assert len(closed) == 3


def test_too_much_is_the_learners_doing(folder: Path) -> None:
    three = {"most_bytes": 3 * 2**20, "most_files": 10}
    (folder / "big").write_bytes(b"x" * 2 * 2**20)
    (folder / "more").write_bytes(b"x" * 2**20)
    assert len(read_files(folder, **three)) == 2
    (folder / "more").write_bytes(b"x" * (2**20 + 1))
    with pytest.raises(ChildEnded) as refused:
        read_files(folder, **three)
    assert refused.value.reason == "file-size"
    assert refused.value.detail == "The code left more than 3 MiB or 10 files in its folder."


def test_no_more_of_a_file_is_read_than_decides(folder: Path) -> None:
    (folder / "big").touch()
    os.truncate(folder / "big", 10**12)
    with pytest.raises(ChildEnded, match="left more than 0 MiB"):
        read_files(folder, **BOUNDS)


def test_too_many_files_are_the_learners_doing(folder: Path) -> None:
    for number in range(10):
        (folder / str(number)).touch()
    assert len(read_files(folder, **BOUNDS)) == 10
    (folder / "10").touch()
    with pytest.raises(ChildEnded, match="10 files"):
        read_files(folder, **BOUNDS)


def test_writing_replaces_links_and_never_follows_them(folder: Path) -> None:
    (folder / "link").symlink_to(folder.parent / "secret.txt")
    (folder / "around").symlink_to(folder.parent)
    (folder / "dir.txt").mkdir()
    (folder / "dir.txt" / "inner").touch()
    write_files(
        folder, {"link": b"1", "around/secret.txt": b"2", "new/a.txt": b"3", "dir.txt": b"4"}
    )
    assert read_files(folder, **BOUNDS) == {
        "around/secret.txt": b"2",
        "dir.txt": b"4",
        "link": b"1",
        "new/a.txt": b"3",
    }


def test_files_are_written_at_any_level_for_the_child_to_read(folder: Path) -> None:
    (folder / "a").touch()
    (folder / "shut").mkdir(mode=0o500)
    old = os.umask(0o022)
    try:
        write_files(folder, {"a/b/c/d.txt": b"1" * 10**6, "a/b/c/e.txt": b"2"})
    finally:
        os.umask(old)
    assert (folder / "a" / "b" / "c" / "d.txt").read_bytes() == b"1" * 10**6
    assert (folder / "a" / "b" / "c" / "e.txt").read_bytes() == b"2"
    assert stat.S_IMODE((folder / "a" / "b" / "c" / "d.txt").stat().st_mode) == 0o644


@pytest.mark.parametrize("call", ["open", "unlink"])
@pytest.mark.parametrize("code", [errno.EMFILE, errno.EROFS])
def test_a_failure_of_the_machine_is_told_as_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    """What stands in the way is removed for being in the way, not for that."""
    real, wrong = getattr(os, call), failing(code)

    def late(name: Any, *words: Any, **options: Any) -> Any:
        return (wrong if name in ("a", "a.txt") else real)(name, *words, **options)

    (folder / "a.txt").touch()
    (folder / "a").mkdir()
    monkeypatch.setattr(os, call, late)
    with pytest.raises(OSError, match=os.strerror(code)):
        write_files(folder, {"a.txt" if call == "unlink" else "a/b.txt": b"1"})


@pytest.mark.parametrize("name", ["../x", "/tmp/x", "a/../../x", "..", "a/.."])
def test_writing_stays_in_the_folder(folder: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a path within"):
        write_files(folder, {name: b""})


def make_deep(folder: Path, depth: int) -> None:
    fd = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("d", dir_fd=fd)
        inner = os.open("d", os.O_RDONLY, dir_fd=fd)
        os.close(fd)
        fd = inner
    os.close(fd)


def test_folders_of_any_depth_are_refused_and_removed(folder: Path) -> None:
    make_deep(folder, 1500)
    with pytest.raises(ChildEnded, match="without end"):
        read_files(folder, **BOUNDS)
    assert is_beyond(folder, 10**9)
    remove_tree(folder)
    assert not folder.exists()


@pytest.mark.parametrize(("depth", "held"), [(32, True), (33, False)])
def test_files_are_read_down_to_a_bound(folder: Path, depth: int, held: bool) -> None:
    make_deep(folder, depth)
    ends = nullcontext() if held else pytest.raises(ChildEnded, match="folders without end")
    with ends as refused:
        assert read_files(folder, **BOUNDS) == {}
    assert held or refused.value.reason == "file-size"


@pytest.mark.parametrize(("depth", "beyond"), [(33, False), (34, True)])
def test_folders_are_looked_into_down_to_a_bound(folder: Path, depth: int, beyond: bool) -> None:
    make_deep(folder, depth)
    assert is_beyond(folder, 10**9) == beyond


def test_removing_does_not_follow_links(folder: Path) -> None:
    (folder / "around").symlink_to(folder.parent)
    remove_tree(folder)
    assert not folder.exists()
    assert (folder.parent / "secret.txt").exists()


def test_no_mode_keeps_a_folder_from_being_removed(folder: Path) -> None:
    locked = folder / "locked"
    for name in ("inner", "d", "empty"):
        (locked / name).mkdir(parents=True)
        (locked / name / "file").touch()
        (locked / name).chmod(0)
    (locked / "file").touch()
    locked.chmod(0)
    folder.chmod(0)
    with without_overrides():
        remove_tree(folder)
    assert not folder.exists()


def test_nothing_but_a_folder_is_removed_as_one(folder: Path) -> None:
    link, file = folder / "link", folder / "file"
    (folder / "place").mkdir(mode=0o750)
    (folder / "place" / "kept").touch()
    link.symlink_to(folder / "place")
    file.touch()
    for each in (link, file, folder / "gone"):
        remove_tree(each)
    assert link.is_symlink()
    assert file.exists()
    assert (folder / "place" / "kept").exists()
    assert stat.S_IMODE((folder / "place").stat().st_mode) == 0o750


def test_names_that_are_taken_above_do_not_keep_a_folder(folder: Path) -> None:
    for name in ("0", "1", "x"):
        for inner in ("0", "1", "2"):
            (folder / name / inner).mkdir(parents=True)
            (folder / name / inner / "0").touch()
    (folder / "2").touch()
    remove_tree(folder)
    assert not folder.exists()


def test_entries_are_counted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert folders.MAX_ENTRIES == 20_000
    monkeypatch.setattr(folders, "MAX_ENTRIES", 20)
    (folder / "many").mkdir()
    for number in range(9):
        (folder / f"{number}").touch()
        (folder / "many" / f"{number}").touch()
    (folder / "last").touch()
    assert not is_beyond(folder, 10**9)
    (folder / "many" / "one more").touch()
    assert is_beyond(folder, 10**9)


def test_a_wide_folder_is_removed_in_a_few_looks(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "many").mkdir()
    for number in range(20):
        (folder / f"{number}.txt").touch()
        (folder / "many" / f"{number}").mkdir()
        (folder / "many" / f"{number}" / "file").touch()
    looks = []
    real = os.listdir
    monkeypatch.setattr(os, "listdir", lambda place: looks.append(place) or real(place))
    remove_tree(folder)
    assert not folder.exists()
    assert len(looks) <= 25


def test_bytes_on_disk_are_counted(folder: Path) -> None:
    for name in ("one", "two"):
        (folder / name).write_bytes(b"x" * 10**6)
    held = sum((folder / name).stat().st_blocks * 512 for name in ("one", "two"))
    assert held >= 2 * 10**6
    assert is_beyond(folder, held - 1)
    assert not is_beyond(folder, held)


def test_what_links_lead_to_is_not_counted(folder: Path) -> None:
    (folder.parent / "there").mkdir()
    (folder.parent / "there" / "big").write_bytes(b"x" * 10**6)
    (folder / "file").symlink_to(folder.parent / "there" / "big")
    (folder / "around").symlink_to(folder.parent / "there")
    assert not is_beyond(folder, 10**5)


def test_what_goes_while_it_is_looked_at_hides_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a").touch()
    (folder / "big").write_bytes(b"x" * 10**6)
    real = os.scandir

    def late(place: Any) -> Any:
        with real(place) as found:
            entries = sorted(found, key=lambda each: each.name)
        (folder / "a").unlink()
        return nullcontext(entries)

    monkeypatch.setattr(os, "scandir", late)
    assert is_beyond(folder, 10**5)


def test_a_folder_that_hides_what_is_in_it_is_too_much(folder: Path) -> None:
    (folder / "locked").mkdir(mode=0)
    with without_overrides():
        assert is_beyond(folder, 10**9)


def test_a_path_that_is_too_long_is_too_much(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 250, dir_fd=fd)
        inner = os.open("d" * 250, os.O_RDONLY, dir_fd=fd)
        os.close(fd)
        fd = inner
    os.close(fd)
    assert is_beyond(folder, 10**9)
    remove_tree(folder)
    assert not folder.exists()


def test_a_folder_that_its_child_has_locked_is_looked_into(folder: Path) -> None:
    (folder / "small").write_bytes(b"x" * 1000)
    folder.chmod(0)
    with without_overrides():
        assert not is_beyond(folder, 10**5)
        (folder / "big").write_bytes(b"x" * 10**6)
        folder.chmod(0)
        assert is_beyond(folder, 10**5)


@pytest.mark.parametrize(
    ("code", "beyond"),
    [
        (errno.EACCES, True),
        (errno.EPERM, True),
        (errno.ELOOP, True),
        (errno.ENAMETOOLONG, True),
        (errno.ENOENT, False),
        (errno.ENOTDIR, False),
    ],
)
def test_only_what_hides_is_too_much(
    folder: Path, monkeypatch: pytest.MonkeyPatch, code: int, beyond: bool
) -> None:
    monkeypatch.setattr(os, "scandir", failing(code))
    assert is_beyond(folder, 10**9) == beyond
