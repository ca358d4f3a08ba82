"""The learner's folder: found, made, and filled with starters, never overwriting a file of theirs.

It must not read the record and must not judge.
"""

import contextlib
import os
import re
import secrets
import tempfile
import tomllib
from calendar import month_name, monthrange
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from gradus.catalogue.document import read_document
from gradus.core.errors import ContentError, UsageError
from gradus.core.lab import EntryKind, Lab
from gradus.judge import Pool, starter_files

MARK = "gradus.toml"
CASE_FILE = "case.toml"
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")

ABOUT = """\
# Your Gradus workspace. The folder is yours: commit it, publish it, keep it.
format = 1
"""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder that the learner owns."""

    root: Path
    """Where it lies."""

    @property
    def labs(self) -> Path:
        """The folder of the labs that were opened."""
        return self.root / "labs"

    @property
    def tracks(self) -> Path:
        """The folder of the learner's own tracks."""
        return self.root / "tracks"

    @property
    def ledger_path(self) -> Path:
        """The file of the record."""
        return self.root / ".gradus" / "ledger.db"

    @property
    def log_path(self) -> Path:
        """Where faults of Gradus itself are written."""
        return self.root / ".gradus" / "faults.log"

    def folder(self, lab: Lab) -> Path:
        """Return where the learner's files of a lab lie, opened or not."""
        return self.labs / lab.id

    def review_folder(self, lab: str, number: int) -> Path:
        """Return where a lab is written anew for the review of that number."""
        return self.root / "reviews" / lab / str(number)

    def is_open(self, lab: Lab) -> bool:
        """Say whether the lab's starter was copied."""
        return self.folder(lab).is_dir()

    def opened(self) -> tuple[str, ...]:
        """Return the ids of the labs that were opened, by name."""
        if not self.labs.is_dir():
            return ()
        return tuple(sorted(each.name for each in self.labs.iterdir() if each.is_dir()))


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening a lab did."""

    folder: Path
    """Where the learner's files lie."""
    written: tuple[str, ...]
    """Files that were laid there now."""
    kept: tuple[str, ...]
    """Files of the starter's names that were there and stay as they are."""


def home() -> Path:
    """Return the folder that is used where no other is meant: `$GRADUS_WORKSPACE` or `~/gradus`."""
    chosen = os.environ.get("GRADUS_WORKSPACE")
    return Path(chosen).expanduser().absolute() if chosen else Path.home() / "gradus"


def find_workspace(start: Path | None = None) -> Workspace | None:
    """Return the workspace around a folder, else the one at home, else None."""
    for folder in _upwards(start or _here()):
        if (folder / MARK).is_file() and not _is_project(folder):
            return Workspace(folder)
    return Workspace(home()) if (home() / MARK).is_file() else None


def create_workspace(path: Path) -> Workspace:
    """Make a workspace, keeping whatever is there; raises UsageError where it cannot be written."""
    workspace = Workspace(path.expanduser().absolute())
    try:
        workspace.labs.mkdir(parents=True, exist_ok=True)
        workspace.ledger_path.parent.mkdir(exist_ok=True)
        for name, text in ((MARK, ABOUT), (".gitignore", ".gradus/\n__pycache__/\n")):
            if not (workspace.root / name).exists():
                (workspace.root / name).write_text(text, encoding="utf-8")
    except OSError as fault:
        raise _cannot_write(workspace.root, fault) from fault
    return workspace


def lay_starter(workspace: Workspace, lab: Lab, pool: Pool) -> Opened:
    """Lay a lab's starter into its folder; see `lay_starter_in`."""
    return lay_starter_in(workspace.folder(lab), lab, pool)


def lay_starter_in(target: Path, lab: Lab, pool: Pool) -> Opened:
    """Lay a lab's starter into a folder, with a case of the learner's own where it has one.

    A repository that is there is left alone whole: a file of it that is missing was removed.
    Raises UsageError where the folder cannot be written.
    """
    if lab.entry.kind is EntryKind.REPOSITORY and (target / ".git").exists():
        return Opened(target, (), (".git",))
    seed = case_seed_of(target) or secrets.randbelow(2**31 - 1) + 1
    try:
        return _lay_missing(starter_files(lab, seed, pool), target)
    except OSError as fault:
        raise _cannot_write(target, fault) from fault


def case_seed_of(folder: Path) -> int:
    """Return the case that a learner's folder was made for; 0 where it has none."""
    try:
        seed = tomllib.loads((folder / CASE_FILE).read_text(encoding="utf-8"))["seed"]
    except (OSError, ValueError, KeyError):
        return 0
    return seed if type(seed) is int and seed > 0 else 0


def lab_at(workspace: Workspace, place: Path) -> str | None:
    """Return the id of the lab whose folder a place is or lies in, else None."""
    try:
        inside = place.resolve().relative_to(workspace.labs.resolve())
    except (OSError, ValueError):
        return None
    return inside.parts[0] if inside.parts else None


def read_settings(workspace: Workspace) -> dict[str, Any]:
    """Return all that `gradus.toml` says; raises UsageError for a file that is not TOML."""
    return tomllib.loads(_read_toml(workspace))


def read_profile(workspace: Workspace) -> dict[str, Any]:
    """Return `[profile]` as it is written; raises UsageError for a file that is not TOML."""
    profile = read_settings(workspace).get("profile", {})
    return dict(profile) if isinstance(profile, dict) else {}


def save_profile(workspace: Workspace, changes: Mapping[str, Any]) -> None:
    """Set keys of `[profile]` in `gradus.toml`, or remove them with None.

    Everything else in the file stays as it is: comments, order, keys that Gradus does not know.
    """
    import tomlkit  # only who writes the file waits for it

    path = workspace.root / MARK
    document = tomlkit.parse(_read_toml(workspace))
    profile = document.get("profile")
    if not isinstance(profile, MutableMapping):
        profile = tomlkit.table()
        document["profile"] = profile
    for key, value in changes.items():
        if value is None:
            profile.pop(key, None)
        else:
            profile[key] = value
    try:
        replace_file(path, tomlkit.dumps(document).encode())
    except OSError as fault:
        raise _cannot_write(path, fault) from fault


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that a reader or a crash meets the old content or the new, never a half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as stream:
        stream.write(content)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Yield a stream that takes the file's place once it is whole; after a fault the old stays."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _lay_missing(files: Mapping[str, bytes], target: Path) -> Opened:
    written, kept = [], []
    target.mkdir(parents=True, exist_ok=True)
    for name, content in sorted(files.items()):
        if (target / name).exists() or (target / name).is_symlink():
            kept.append(name)
            continue
        replace_file(target / name, content)
        written.append(name)
    return Opened(target, _by_folder(written), _by_folder(kept))


def _by_folder(names: list[str]) -> tuple[str, ...]:
    """Return names in which everything inside `.git` is one name."""
    brief = (".git" if name.startswith(".git/") else name for name in names)
    return tuple(dict.fromkeys(brief))


def _read_toml(workspace: Workspace) -> str:
    """Return the text of `gradus.toml`, which is TOML; raises UsageError where it is not."""
    try:
        document = read_document(workspace.root / MARK)
    except ContentError as fault:
        raise UsageError(not_toml(fault)) from fault
    return document.text


def not_toml(fault: ContentError) -> str:
    """Return what a learner is told of a file of theirs that cannot be read as TOML."""
    place = f"{fault.path}:{fault.line}" if fault.line else str(fault.path)
    if fault.code != "toml-syntax":
        return f"{place}: {fault.message}"
    for written in _DATE.findall(_row(fault.path, fault.line)):
        if said := no_such_day(written):
            return f"{place}: {said}"
    return f"{place}: {fault.message} Mend that line; nothing else is wrong."


def no_such_day(written: str) -> str:
    """Return a sentence for a day that no calendar has, written as 2027-02-29; else nothing."""
    year, month, day = (int(part) for part in written.split("-"))
    if not (1 <= month <= 12 and year >= 1):
        return f"There is no {written}: a year has the months 01 to 12."
    days = monthrange(year, month)[1]
    if 1 <= day <= days:
        return ""
    return f"There is no {written}: {month_name[month]} {year} has {days} days."


def _row(path: Path, line: int | None) -> str:
    rows = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return rows[line - 1] if line and line <= len(rows) else ""


def _is_project(folder: Path) -> bool:
    """Say whether a `gradus.toml` only declares a service to be proved: that is no workspace."""
    try:
        content = tomllib.loads((folder / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return "prove" in content and not Workspace(folder).ledger_path.exists()


def _upwards(folder: Path) -> Iterator[Path]:
    yield folder
    yield from folder.parents


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError:  # the folder was removed under our feet
        return Path.home()


def _cannot_write(path: Path, fault: OSError) -> UsageError:
    return UsageError(
        f"{path} cannot be written: {fault.strerror or fault}. Choose a place that can: "
        "GRADUS_WORKSPACE=/another/folder gradus start"
    )
