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
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path

from .outcomes import ChildEnded
from .printing import printable

_HIDING = {errno.EACCES, errno.EPERM, errno.ENAMETOOLONG, errno.ELOOP}
MAX_DEPTH = 32
MAX_ENTRIES = 20_000
_MOST_ROUNDS = 200_000
_DIRECTORY = os.O_DIRECTORY | os.O_NOFOLLOW
_WHATEVER = os.O_NOFOLLOW | os.O_NONBLOCK
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL


def read_files(
    folder: Path, *, most_bytes: int, most_files: int, left_out: Collection[str] = ()
) -> dict[str, bytes]:
    """Return every regular file below a folder by its relative path, in order.

    Links, pipes and whatever is named in `left_out` are not there. Raises ChildEnded where
    there is more than the bounds allow.
    """
    found: dict[str, bytes] = {}
    room = most_bytes
    with _opened(folder, _DIRECTORY) as top:
        for name, content in _files_in(top, "", left_out, most_bytes):
            room -= len(content)
            if room < 0 or len(found) >= most_files:
                megabytes = most_bytes // 2**20
                words = f"more than {megabytes} MiB or {most_files} files in its folder"
                raise ChildEnded("file-size", f"The code left {words}.")
            found[_readable(name)] = content
    return dict(sorted(found.items()))


def _readable(name: str) -> str:
    """Return a file's name as text that can be shown; one that is no text with its bytes."""
    text = os.fsencode(name).decode(errors="backslashreplace")
    return printable(text).replace("\n", "\\n").replace("\t", "\\t")


@contextmanager
def _opened(name: str | Path, flags: int, within: int | None = None) -> Iterator[int]:
    fd = os.open(name, flags, dir_fd=within)
    try:
        yield fd
    finally:
        os.close(fd)


def _files_in(
    top: int, prefix: str, left_out: Collection[str], most_bytes: int
) -> Iterator[tuple[str, bytes]]:
    if prefix.count("/") > MAX_DEPTH:
        raise ChildEnded("file-size", "The code left folders within folders without end.")
    for name in os.listdir(top):
        if name in left_out:
            continue
        with suppress(OSError), _opened(name, _WHATEVER, top) as fd:
            mode = os.fstat(fd).st_mode
            if stat.S_ISDIR(mode):
                yield from _files_in(fd, f"{prefix}{name}/", left_out, most_bytes)
            elif stat.S_ISREG(mode):
                with os.fdopen(fd, "rb", closefd=False) as stream:
                    yield prefix + name, stream.read(most_bytes + 1)


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files below a folder by their relative paths, replacing whatever is in their way."""
    for name, content in files.items():
        *parents, last = Path(name).parts
        if Path(name).is_absolute() or ".." in (*parents, last):
            raise ValueError(f"{name} is not a path within a folder")
        with ExitStack() as fds:
            within = fds.enter_context(_opened(folder, _DIRECTORY))
            for parent in parents:
                within = _directory_at(parent, within)
                fds.callback(os.close, within)
            _clear_at(last, within)
            fd = os.open(last, _NEW_FILE, 0o644, dir_fd=within)
            with os.fdopen(fd, "wb") as stream:
                stream.write(content)


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
    waiting: list[tuple[str | Path, int]] = [(folder, 0)]
    entries = total = 0
    while waiting:
        place, depth = waiting.pop()
        try:
            with os.scandir(place) as found:
                for entry in found:
                    entries += 1
                    with suppress(FileNotFoundError):
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
    with _opened(folder, _DIRECTORY) as top:
        numbers = count()
        rounds = iter(lambda: os.listdir(top), [])
        for _, names in zip(range(_MOST_ROUNDS), rounds, strict=False):
            for name in names:
                _remove_or_empty(name, top, numbers)
    with suppress(OSError):
        folder.rmdir()


def _remove_or_empty(name: str, top: int, numbers: Iterator[int]) -> None:
    with suppress(OSError):
        os.unlink(name, dir_fd=top)
        return
    with suppress(OSError):
        os.chmod(name, 0o700, dir_fd=top)
    with suppress(OSError), _opened(name, _DIRECTORY, top) as inner:
        for child in os.listdir(inner):
            try:
                os.unlink(child, dir_fd=inner)
            except OSError:
                with suppress(OSError):
                    os.chmod(child, 0o700, dir_fd=inner)
                os.rename(child, str(next(numbers)), src_dir_fd=inner, dst_dir_fd=top)
    with suppress(OSError):
        os.rmdir(name, dir_fd=top)
