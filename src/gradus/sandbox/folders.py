"""A child's folder seen from the judge's side while the child may still be changing it.

Nothing here follows a link, waits for a pipe, or goes deeper than a bound: what lies in the
folder was put there by code that nobody trusts.
"""

# ruff: noqa: PTH208
# Folders are listed by descriptor, never by a path that could change.

import errno
import os
import stat
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from .outcomes import ChildEnded
from .printing import printable

_HIDING = {errno.EACCES, errno.EPERM, errno.ENAMETOOLONG, errno.ELOOP}
MAX_DEPTH = 32
MAX_ENTRIES = 20_000
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def read_files(
    folder: Path, *, most_bytes: int, most_files: int, left_out: Collection[str] = ()
) -> dict[str, bytes]:
    """Return every regular file below a folder by its relative path, in order.

    Links, pipes and whatever is named in `left_out` are not there. Raises ChildEnded where
    there is more than the bounds allow.
    """
    found: dict[str, bytes] = {}
    room = most_bytes
    with _opened(os.fspath(folder), _DIRECTORY) as top:
        for name, content in _files_in(top, "", frozenset(left_out), most_bytes):
            room -= len(content)
            if room < 0 or len(found) >= most_files:
                megabytes = most_bytes // 2**20
                words = f"more than {megabytes} MiB or {most_files} files in its folder"
                raise ChildEnded("file-size", f"The code left {words}.")
            found[_readable(name)] = content
    return dict(sorted(found.items()))


def _readable(name: str) -> str:
    """Return a file's name as text that can be shown; one that is no text with its bytes."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return printable(text).replace("\n", "\\n").replace("\t", "\\t")


@contextmanager
def _opened(name: str, flags: int, within: int | None = None) -> Iterator[int]:
    fd = os.open(name, flags, dir_fd=within)
    try:
        yield fd
    finally:
        os.close(fd)


def _files_in(
    top: int, prefix: str, left_out: frozenset[str], most_bytes: int
) -> Iterator[tuple[str, bytes]]:
    if prefix.count("/") > MAX_DEPTH:
        raise ChildEnded("file-size", "The code left folders within folders without end.")
    for name in os.listdir(top):
        if name in left_out:
            continue
        with suppress(OSError):
            mode = os.stat(name, dir_fd=top, follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode):
                with _opened(name, _DIRECTORY, top) as inner:
                    yield from _files_in(inner, f"{prefix}{name}/", left_out, most_bytes)
            elif stat.S_ISREG(mode):
                with _opened(name, _FILE, top) as fd:
                    if stat.S_ISREG(os.fstat(fd).st_mode):
                        yield prefix + name, _read(fd, most_bytes + 1)


def _read(fd: int, most: int) -> bytes:
    pieces: list[bytes] = []
    while most > 0 and (piece := os.read(fd, min(most, 2**20))):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files below a folder by their relative paths, replacing whatever is in their way."""
    for name, content in files.items():
        *parents, last = Path(name).parts
        if Path(name).is_absolute() or ".." in parents or last == "..":
            raise ValueError(f"{name} is not a path within a folder")
        fds = [os.open(folder, _DIRECTORY)]
        try:
            for parent in parents:
                fds.append(_directory_at(parent, fds[-1]))
            _clear_at(last, fds[-1])
            with _opened_new(last, fds[-1]) as fd:
                view = memoryview(content)
                while view:
                    view = view[os.write(fd, view) :]
        finally:
            for fd in fds:
                os.close(fd)


@contextmanager
def _opened_new(name: str, within: int) -> Iterator[int]:
    fd = os.open(name, _NEW_FILE, 0o644, dir_fd=within)
    try:
        yield fd
    finally:
        os.close(fd)


def _directory_at(name: str, within: int) -> int:
    try:
        return os.open(name, _DIRECTORY, dir_fd=within)
    except FileNotFoundError:
        pass
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.ENOTDIR):
            raise
        os.unlink(name, dir_fd=within)
    os.mkdir(name, dir_fd=within)
    return os.open(name, _DIRECTORY, dir_fd=within)


def _clear_at(name: str, within: int) -> None:
    try:
        os.unlink(name, dir_fd=within)
    except FileNotFoundError:
        return
    except OSError as error:
        if error.errno not in (errno.EISDIR, errno.EPERM):
            raise
        remove_tree(Path(f"/proc/self/fd/{within}") / name)


def is_beyond(folder: Path, most_bytes: int) -> bool:
    """Return whether a folder holds more bytes, entries or levels than may be.

    A folder within it that cannot be looked into counts as too much: anything could be there.
    """
    with suppress(OSError):
        folder.chmod(0o700)
    waiting, entries, total = [(os.fspath(folder), 0)], 0, 0
    while waiting:
        place, depth = waiting.pop()
        try:
            with os.scandir(place) as found:
                for entry in found:
                    entries += 1
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entries > MAX_ENTRIES or total > most_bytes or depth > MAX_DEPTH:
                        return True
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((entry.path, depth + 1))
        except OSError as error:
            if error.errno in _HIDING:
                return True
    return False


def remove_tree(folder: Path) -> None:
    """Remove a folder whatever is in it: any depth, any mode. Its child must have ended.

    Folders within folders are moved up to the top before they are emptied, so that no depth
    needs a stack or a long path.
    """
    if not folder.is_dir() or folder.is_symlink():
        return
    with suppress(OSError):
        folder.chmod(0o700)
    top = os.open(folder, _DIRECTORY)
    try:
        for number in range(10 * MAX_ENTRIES):
            names = os.listdir(top)
            if not names:
                break
            for name in names:
                _remove_or_empty(name, top, number)
    finally:
        os.close(top)
    with suppress(OSError):
        folder.rmdir()


def _remove_or_empty(name: str, top: int, round_number: int) -> None:
    with suppress(OSError):
        os.unlink(name, dir_fd=top)
        return
    with suppress(OSError):
        os.rmdir(name, dir_fd=top)
        return
    with suppress(OSError):
        os.chmod(name, 0o700, dir_fd=top)
    with suppress(OSError), _opened(name, _DIRECTORY, top) as inner:
        for place, child in enumerate(os.listdir(inner)):
            try:
                os.unlink(child, dir_fd=inner)
            except OSError:
                with suppress(OSError):
                    os.chmod(child, 0o700, dir_fd=inner)
                raised = f".{round_number}.{place}.{name[:40]}"
                os.rename(child, raised, src_dir_fd=inner, dst_dir_fd=top)
    with suppress(OSError):
        os.rmdir(name, dir_fd=top)
