"""What a child left in its folder is read, written over and removed without being trusted."""

import os
from pathlib import Path

import pytest

from gradus.sandbox import ChildEnded
from gradus.sandbox.folders import is_beyond, read_files, remove_tree, write_files

BOUNDS = {"most_bytes": 1000, "most_files": 10}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inner = tmp_path / "folder"
    inner.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    return inner


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


def test_too_much_is_the_learners_doing(folder: Path) -> None:
    (folder / "big").write_bytes(b"x" * 2000)
    with pytest.raises(ChildEnded, match="left more than"):
        read_files(folder, **BOUNDS)


def test_too_many_files_are_the_learners_doing(folder: Path) -> None:
    for number in range(11):
        (folder / str(number)).touch()
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
    assert (folder.parent / "secret.txt").read_text() == "secret"
    assert read_files(folder, **BOUNDS) == {
        "around/secret.txt": b"2",
        "dir.txt": b"4",
        "link": b"1",
        "new/a.txt": b"3",
    }


@pytest.mark.parametrize("name", ["../x", "/tmp/x", "a/../../x"])
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


def test_removing_does_not_follow_links(folder: Path) -> None:
    (folder / "around").symlink_to(folder.parent)
    locked = folder / "locked"
    (locked / "inner").mkdir(parents=True)
    (locked / "inner" / "file").touch()
    (locked / "inner").chmod(0)
    locked.chmod(0)
    remove_tree(folder)
    assert not folder.exists()
    assert (folder.parent / "secret.txt").exists()


def test_bytes_on_disk_are_counted(folder: Path) -> None:
    (folder / "big").write_bytes(b"x" * 10**6)
    assert is_beyond(folder, 10**5)
    assert not is_beyond(folder, 10**7)
