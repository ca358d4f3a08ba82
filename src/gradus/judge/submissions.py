"""From files on disk to submissions: the learner's, the reference and the variants."""

import errno
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from gradus.core.errors import UsageError
from gradus.core.lab import EntryKind, Lab
from gradus.core.submission import Submission
from gradus.judge.ignored import LeavesOut, ignored
from gradus.judge.specification import draws_cases, load_case
from gradus.sandbox.printing import printable

MOST_BYTES = 64 * 1024 * 1024
MOST_FILES = 5_000
MOST_LEVELS = 32
MOST_OF_A_CASE = 1000
CASE_FILE = "case.toml"
BUILD = "build.py"
GONE = "gone.txt"
"""In a known-wrong folder: it lies over the reference, less the files that are named here."""
MISTAKE = "mistake.txt"
"""In a known-wrong folder: what the learner is told."""
LEFT_OUT = {"__pycache__", ".gradus", ".venv", ".ipynb_checkpoints", ".mypy_cache", ".DS_Store"}


@dataclass(frozen=True, slots=True)
class Handed:
    """A submission with its name, as conformance and naming use it."""

    name: str
    """Variant or way, such as `row_alias`; `reference` or `starter`."""
    submission: Submission
    """What is judged."""
    says: str = ""
    """For a known-wrong variant: what the learner is told."""


def read_submission(lab: Lab, path: Path, case_seed: int = 0) -> Submission:
    """Read a learner's file or folder, or one of the lab's own solutions as an author tries it.

    The case is that of the `case.toml` in the folder or beside the file; `case_seed` where there
    is none. Raises `UsageError` with a sentence where the work cannot be read.
    """
    _must_be_there(path)
    single = lab.entry.path != "."
    ours = _is_ours(lab, path)
    if path.is_dir():
        files = read_folder(path, ignored(path)) if lab.proof else read_folder(path)
        if ours:
            files = _over_reference(lab, path, files)
            files.pop(MISTAKE, None)
        elif builds(lab):
            files.pop(BUILD, None)  # only ours get to know the case
        built = BUILD in files and builds(lab)
        if lab.entry.kind is EntryKind.REPOSITORY and not (built or ".git/HEAD" in files):
            raise UsageError(
                f"{path} is no git repository: it has no .git folder. Move your files elsewhere "
                f"and run `gradus open {lab.id}` for a fresh one."
            )
        if single and (path / lab.entry.path).is_dir():
            raise UsageError(f"{path / lab.entry.path} is a folder; this lab judges a file.")
        if single and lab.entry.path not in files and not built:
            raise UsageError(
                f"{path} has no {lab.entry.path}, which is what this lab judges. "
                f"`gradus open {lab.id}` lays a fresh starter; your other files stay."
            )
        return _over_starter(lab, files, _case_seed(files, case_seed))
    content = _read_file(path)
    if single and not ours:
        files = {lab.entry.path: content}
    else:
        files = _alone(lab, path.name, content)
    if BUILD in files and builds(lab) and not ours:
        raise UsageError(f"{path} is a script; this lab judges what you write, in a folder.")
    return _over_starter(lab, files, _case_seed(_case_beside(lab, path), case_seed))


def _must_be_there(path: Path) -> None:
    try:
        is_there = path.exists()
    except OSError as error:  # in a folder of somebody else, or with a name that is too long
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    if is_there:
        return
    if path.is_symlink():
        raise UsageError(f"{path} is a link that leads nowhere.")
    raise UsageError(f"There is no file or folder {path}.")


def starter_submission(lab: Lab, case_seed: int = 0) -> Submission:
    """Return what the learner gets, unchanged."""
    return _over_starter(lab, {}, case_seed)


def reference_submission(lab: Lab, case_seed: int = 0) -> Submission:
    """Return the reference solution."""
    return _over_starter(lab, read_folder(lab.folder / "reference"), case_seed)


def variant_submissions(lab: Lab, family: str, case_seed: int = 0) -> Iterator[Handed]:
    """Yield the submissions under `right` or `wrong`, in name order."""
    folder = lab.folder / family
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.name in LEFT_OUT or path.name.startswith("."):
            continue
        if path.is_dir():
            files = _over_reference(lab, path, read_folder(path))
            says = files.pop(MISTAKE, b"").decode("utf-8").strip()
            says = says or _first_line(files.get(lab.entry.path, files.get(BUILD, b"")), "x.py")
        else:
            content = path.read_bytes()
            files = _alone(lab, path.name, content)
            says = _first_line(content, path.name)
        submission = _over_starter(lab, files, case_seed)
        yield Handed(path.stem if path.is_file() else path.name, submission, says)


def _over_reference(lab: Lab, path: Path, files: dict[str, bytes]) -> dict[str, bytes]:
    """Return a variant's files, with those of the reference where it only says what differs."""
    if GONE not in files:
        return files
    lines = files.pop(GONE).decode("utf-8").splitlines()
    gone = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    reference = read_folder(lab.folder / "reference")
    if unknown := sorted(gone - set(reference)):
        raise UsageError(f"{path / GONE} names {unknown[0]}, which the reference does not have.")
    return {**{name: reference[name] for name in set(reference) - gone}, **files}


def builds(lab: Lab) -> bool:
    """Return whether a `build.py` stands for what it makes, and is not a file of the work."""
    return lab.entry.kind is EntryKind.REPOSITORY or draws_cases(lab)


def _is_ours(lab: Lab, path: Path) -> bool:
    """Say whether a file or folder is one of the lab's own solutions, as an author tries them."""
    return path.resolve().is_relative_to(lab.folder.resolve())


def _alone(lab: Lab, name: str, content: bytes) -> dict[str, bytes]:
    """Return what one file stands for: a script that builds, or a file of the entry."""
    if lab.entry.path == ".":
        return {BUILD if name.endswith(".py") else name: content}
    if not lab.entry.path.endswith(".py") and name.endswith(".py"):
        return {BUILD: content}
    return {lab.entry.path: content}


def starter_folder(lab: Lab) -> dict[str, bytes]:
    """Return the files of the starter, with the simulators that are handed out."""
    handed = {name: path.read_bytes() for name, path in lab.hands_out.items()}
    return {**read_folder(lab.folder / "starter"), **handed}


def _over_starter(lab: Lab, files: Mapping[str, bytes], case_seed: int) -> Submission:
    starter = starter_folder(lab)
    if BUILD in files:
        starter.pop(lab.entry.path, None)
    elif lab.entry.path in files and builds(lab):
        starter.pop(BUILD, None)
    if ".git/HEAD" in files:
        starter = {}
    written, _ = load_case(lab, case_seed)
    made = {
        name: content.encode() if isinstance(content, str) else content
        for name, content in written.items()
    }
    whole = {**starter, **made, **files}
    whole.pop(CASE_FILE, None)
    return Submission(whole, case_seed)


def read_folder(folder: Path, leaves_out: LeavesOut | None = None) -> dict[str, bytes]:
    """Return every regular file below a folder by its relative path; links are left out.

    Raises `UsageError` where there is too much, too deep, or a name that is no text.
    """
    files: dict[str, bytes] = {}
    total = 0
    for path in sorted(_regular_files(folder, leaves_out)):
        content = _read_file(path, os.O_NOFOLLOW)
        total += len(content)
        if total > MOST_BYTES or len(files) >= MOST_FILES:
            raise UsageError(
                f"{folder} holds more than {MOST_BYTES // 2**20} MiB or {MOST_FILES} files; "
                "move what is not part of your work elsewhere."
            )
        files[str(PurePosixPath(*path.relative_to(folder).parts))] = content
    return files


def _regular_files(folder: Path, leaves_out: LeavesOut | None) -> Iterator[Path]:
    waiting = [(folder, 0)]
    while waiting:
        here, depth = waiting.pop()
        if depth > MOST_LEVELS:
            raise UsageError(
                f"{folder} holds folders within folders, more than {MOST_LEVELS} deep."
            )
        try:
            entries = list(os.scandir(here))
        except FileNotFoundError:  # a lab without such a part, or a folder that just went
            continue
        except OSError as error:
            raise UsageError(f"{here} cannot be read: {error.strerror}.") from error
        for each in entries:
            is_folder = each.is_dir(follow_symlinks=False)
            if each.name in LEFT_OUT:
                continue
            if leaves_out is not None:
                inside = PurePosixPath(*here.relative_to(folder).parts, each.name)
                if leaves_out(inside, is_folder):
                    continue
            if printable(each.name) != each.name:
                raise UsageError(
                    f"{here} holds a file whose name is no plain text: {printable(each.name)}. "
                    "Give it another."
                )
            if is_folder:
                waiting.append((here / each.name, depth + 1))
            elif each.is_file(follow_symlinks=False):
                yield here / each.name


def _read_file(path: Path, flags: int = 0) -> bytes:
    """Read a file that may be changed, or be replaced by a pipe or a link, at the same time."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | flags)
    except OSError as error:
        if error.errno in (errno.ENXIO, errno.ELOOP):
            raise UsageError(f"{path} is not a regular file.") from error
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    with os.fdopen(fd, "rb") as stream:
        found = os.fstat(fd)
        if not stat.S_ISREG(found.st_mode):
            raise UsageError(f"{path} is not a regular file.")
        try:
            content = stream.read(MOST_BYTES + 1) if found.st_size <= MOST_BYTES else b""
        except OSError as error:  # a disk that fails, or a file of the system that is no text
            raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    if max(found.st_size, len(content)) > MOST_BYTES:
        raise UsageError(f"{path} is larger than {MOST_BYTES // 2**20} MiB.")
    return content


def _case_beside(lab: Lab, path: Path) -> dict[str, bytes]:
    """Return the `case.toml` that lies beside a file, where the lab draws cases."""
    beside = path.parent / CASE_FILE
    return {CASE_FILE: _read_file(beside)} if draws_cases(lab) and beside.is_file() else {}


def _case_seed(files: Mapping[str, bytes], otherwise: int) -> int:
    import tomllib

    if CASE_FILE not in files:
        return otherwise
    try:
        seed = tomllib.loads(files[CASE_FILE][:MOST_OF_A_CASE].decode())["seed"]
    except (ValueError, KeyError, RecursionError):
        seed = None
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise UsageError(
            f"{CASE_FILE} must hold one line `seed = <whole number>`; it names your own case."
        )
    return seed


@lru_cache(maxsize=512)
def _first_line(content: bytes, name: str) -> str:
    """Return the first docstring line of Python, or the first comment line of SQL and TOML."""
    import ast

    text = content.decode("utf-8", "replace")
    if not name.endswith(".py"):
        first = text.lstrip().splitlines()[0] if text.strip() else ""
        return first.lstrip("-# ").strip()
    try:
        doc = ast.get_docstring(ast.parse(text)) or ""
    except (SyntaxError, ValueError):
        return ""
    return doc.strip().splitlines()[0] if doc.strip() else ""
