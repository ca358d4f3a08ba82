"""What Git would not keep of a project: logs, models and environments that a service leaves behind.

It reads `.gitignore` files as Git does and nothing else: no configuration, no index.
"""

import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from gradus.core.errors import UsageError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

NAME = ".gitignore"
NEVER = frozenset({".git", "venv", "node_modules", ".pytest_cache", ".ruff_cache"})
"""Names that are left out even where nothing says so."""
MOST_BYTES = 64 * 1024
"""Of one `.gitignore`, and of all in a project: every rule may be asked about every file."""
MOST_STARS = 6
"""Stars in one line: each more makes matching a long name many times slower."""

LeavesOut = Callable[[PurePosixPath, bool], bool]
"""Says of a path below the folder, and of whether it is a folder, if it is left out."""


def ignored(folder: Path) -> LeavesOut:
    """Return what is left out of a project; raises `UsageError` for a `.gitignore` that is none.

    A `.gitignore` holds for its own folder and below; the nearest one that names a path decides.
    """
    known: dict[PurePosixPath, GitIgnoreSpec | None] = {}
    n_bytes = 0

    def rules(inside: PurePosixPath) -> "GitIgnoreSpec | None":
        nonlocal n_bytes
        if inside not in known:
            content = _content(folder / inside / NAME)
            n_bytes += len(content)
            if n_bytes > MOST_BYTES:
                raise UsageError(
                    f"The {NAME} files of {folder} are together larger than "
                    f"{MOST_BYTES // 1024} KiB."
                )
            known[inside] = _read(folder / inside / NAME, content)
        return known[inside]

    def leaves_out(path: PurePosixPath, is_folder: bool) -> bool:
        if path.name in NEVER:
            return True
        for above in path.parents:
            if (spec := rules(above)) is not None:
                name = f"{path.relative_to(above)}{'/' if is_folder else ''}"
                said = spec.check_file(name).include
                if said is not None:
                    return said
        return False

    return leaves_out


def _content(path: Path) -> bytes:
    """Return what a `.gitignore` says, nothing where there is none."""
    if path.is_symlink() or not path.is_file():
        return b""
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    if len(content) > MOST_BYTES:
        raise UsageError(f"{path} is larger than {MOST_BYTES // 1024} KiB.")
    return content


def _read(path: Path, content: bytes) -> "GitIgnoreSpec | None":
    from pathspec import GitIgnoreSpec  # only labs with proofs wait for it

    if not content:
        return None
    lines = content.decode("utf-8", "replace").splitlines()
    for number, line in enumerate(lines, start=1):
        if line.count("*") > MOST_STARS:
            raise UsageError(f"{path}:{number} has more than {MOST_STARS} stars.")
    try:
        return GitIgnoreSpec.from_lines(lines)
    except re.error as error:  # such as [z-a]
        raise UsageError(f"{path} cannot be read: {error.msg}.") from error
    except ValueError as error:
        raise UsageError(f"{path} cannot be read: {error}.") from error
