"""A copy of a project's folder, so that what a proof trains and promotes stays out of the original.

It must not change anything in the project's own folder.
"""

import asyncio
import dataclasses
import shutil
from pathlib import Path

from gradus.core.errors import UsageError
from gradus.prover.bench import Bench

LINKED = frozenset({".git", ".venv", "venv", "node_modules"})
"""Folders that a copy shares with the original: large, and not written by a service."""
LEFT_OUT = frozenset({".gradus", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache"})


async def on_a_copy(bench: Bench, name: str = "project") -> Bench:
    """Return a bench whose project is a copy that goes when the proof is over.

    Claims, timeline, chance and raw logs are shared with the given bench. The labelled rows are not
    in the copy. A deployed service cannot be copied: its bench is returned as it is.
    """
    if bench.declaration.url:
        return bench
    place = bench.folder / name
    await asyncio.to_thread(_copy, bench.declaration.folder, place / "copy")
    if bench.declaration.labels is not None and bench.declaration.labels.path:
        # Nobody may learn from the labels by which it is measured: a command gets its part of them.
        labels = place / "copy" / bench.declaration.labels.path
        if not labels.parent.resolve().is_relative_to(place.resolve()):
            raise UsageError(f"'{labels}' is not below the project's folder.")
        labels.unlink(missing_ok=True)
    (place / "logs").mkdir()
    declaration = dataclasses.replace(bench.declaration, folder=place / "copy")
    return dataclasses.replace(bench, declaration=declaration, folder=place / "logs")


def _copy(original: Path, copy: Path) -> None:
    copy.parent.mkdir(parents=True)
    ours = copy.parent.resolve()

    def skipped(folder: str, names: list[str]) -> set[str]:
        paths = {name: Path(folder) / name for name in names}
        out = {name for name, path in paths.items() if name in LEFT_OUT or _is_special(path)}
        out |= {name for name, path in paths.items() if path.resolve() == ours}
        return out | (LINKED & set(names) if Path(folder) == original else set())

    shutil.copytree(original, copy, symlinks=True, ignore=skipped)
    for name in sorted(LINKED):
        if (original / name).exists():
            (copy / name).symlink_to(original / name)


def _is_special(path: Path) -> bool:
    """Say whether it is a socket or a pipe, which cannot be copied."""
    return path.exists() and not (path.is_file() or path.is_dir())
