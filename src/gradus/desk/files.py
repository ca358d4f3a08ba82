"""The learner's files of a lab, read for the page and written from it; neither side is overwritten.

It must not judge, and reaches no file outside of the lab's own folder.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from gradus.core.errors import UsageError
from gradus.core.lab import Lab
from gradus.desk.desk import Desk
from gradus.desk.view import LearnerFile
from gradus.desk.workspace import CASE_FILE, replace_file

LARGEST = 512 * 1024
"""Bytes of the largest file that is edited in a page."""
MOST_FILES = 40
"""Files of one folder that a page shows."""
_SKIPPED = {CASE_FILE, "__pycache__", "node_modules"}


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a file that was saved in the page."""

    file: LearnerFile
    """The file as it lies on disk now."""
    conflict: bool
    """Whether it had changed on disk since, so that nothing was written."""


def learner_files(desk: Desk, lab: Lab) -> tuple[LearnerFile, ...]:
    """Return the learner's files of a lab, the one that is handed in first."""
    folder = desk.here().folder(lab)
    return files_below(folder, lab.entry.path)


def files_below(folder: Path, first: str = "") -> tuple[LearnerFile, ...]:
    """Return the files below a folder by name, hidden ones left out, `first` before all others."""
    found = [path.relative_to(folder).as_posix() for path in _visible(folder)]
    found.sort(key=lambda name: (name != first, name.count("/"), name))
    return tuple(read_learner_file(folder, name) for name in found[:MOST_FILES])


def read_learner_file(folder: Path, name: str) -> LearnerFile:
    """Return one file, with its text where a page can edit it and the reason where it cannot."""
    path = folder / name
    try:
        if path.stat().st_size > LARGEST:
            return LearnerFile(name, _sum(path.read_bytes()), None, _TOO_LARGE)
        content = path.read_bytes()
    except OSError as fault:
        return LearnerFile(name, "", None, f"It cannot be read: {fault.strerror or fault}.")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return LearnerFile(name, _sum(content), None, _NOT_TEXT)
    text = text.replace("\r\n", "\n")
    if "\0" in text or "\r" in text:
        return LearnerFile(name, _sum(content), None, _NOT_TEXT)
    return LearnerFile(name, _sum(content), text)


def save_file(desk: Desk, name: str, path: str, text: str, base: str) -> Saved:
    """Write a file of a lab unless it changed on disk since `base`, which is then returned.

    Line ends stay as they were in the file. Raises UsageError for a file that is not the
    learner's to edit here, and where it cannot be written.
    """
    lab = desk.catalogue.lab(name)
    return save_below(lab, desk.here().folder(lab), path, text, base)


def save_below(lab: Lab, folder: Path, path: str, text: str, base: str) -> Saved:
    """Write a file of a lab below a folder, as `save_file` does in the lab's own."""
    if path not in {each.relative_to(folder).as_posix() for each in _visible(folder)}:
        return _write_again(lab, folder, path, text)
    there = read_learner_file(folder, path)
    if there.text is None:
        raise UsageError(f"{path} cannot be edited here. {there.because}")
    text = text.replace("\r\n", "\n")
    if there.digest != base:
        return Saved(there, conflict=there.text != text)
    content = (folder / path).read_bytes()
    ends = "\r\n" if b"\r\n" in content else "\n"
    try:
        replace_file(folder / path, text.replace("\n", ends).encode("utf-8"))
    except OSError as fault:
        raise UsageError(
            f"{folder / path} cannot be written: {fault.strerror or fault}. Nothing was changed."
        ) from fault
    return Saved(read_learner_file(folder, path), conflict=False)


def _write_again(lab: Lab, folder: Path, path: str, text: str) -> Saved:
    """Write a file of the starter's names that was removed; any other is not the page's to make."""
    starter = lab.folder / "starter"
    names = {each.relative_to(starter).as_posix() for each in _visible(starter)} | {*lab.hands_out}
    place = folder / path
    if path not in names or place.is_symlink() or place.exists() or not folder.is_dir():
        raise UsageError(f"There is no file {path} in {folder}.")
    try:
        replace_file(place, text.replace("\r\n", "\n").encode("utf-8"))
    except OSError as fault:
        raise UsageError(f"{place} cannot be written: {fault.strerror or fault}.") from fault
    return Saved(read_learner_file(folder, path), conflict=False)


_TOO_LARGE = "It is larger than 512 KiB; use your own editor. Every change is seen here."
_NOT_TEXT = "It is not plain UTF-8 text; use your own tools. Every change is seen here."


def _visible(folder: Path) -> list[Path]:
    """Return the files below a folder without hidden ones, links and caches."""
    found: list[Path] = []
    waiting = [folder] if folder.is_dir() else []
    while waiting and len(found) < 10 * MOST_FILES:
        for path in sorted(waiting.pop(0).iterdir()):
            if path.name.startswith(".") or path.name in _SKIPPED or path.is_symlink():
                continue
            if path.is_dir():
                waiting.append(path)
            elif path.is_file():
                found.append(path)
    return found


def _sum(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
