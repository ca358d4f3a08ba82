"""A child's folder between two of its runs: files are laid into it and read from it.

What stands in the way was put there by code that nobody trusts; a full disk is ours.
"""

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from gradus.judge.submissions import LEFT_OUT, MOST_BYTES, MOST_FILES
from gradus.judge.trouble import Ours, ProcessEnded, Stopped
from gradus.sandbox import ChildEnded
from gradus.sandbox.folders import read_files, write_files

_OF_THE_MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}


def left_in(folder: Path) -> dict[str, bytes]:
    """Return the files that a child left, without links and pipes; `Stopped` where too much."""
    try:
        left_out = {*LEFT_OUT, ".tmp"}
        with _whose(folder, "read"):
            return read_files(
                folder, most_bytes=MOST_BYTES, most_files=MOST_FILES, left_out=left_out
            )
    except ChildEnded as ended:
        raise Stopped(str(ended.detail)) from None


def lay_in(folder: Path, files: Mapping[str, bytes]) -> None:
    """Lay files into a child's folder, over whatever it made there."""
    with _whose(folder, "written"):
        write_files(folder, files)


@contextmanager
def _whose(folder: Path, how: str) -> Iterator[None]:
    try:
        folder.chmod(0o700)
        yield
    except OSError as error:
        if error.errno in _OF_THE_MACHINE:
            raise Ours(f"the folder of an attempt cannot be {how}: {error.strerror}") from error
        raise ProcessEnded(f"The code left a folder that cannot be {how}.") from None
