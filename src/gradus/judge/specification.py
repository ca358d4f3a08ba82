"""A lab's `check.py` and `make_case.py`, loaded into the judge as the trusted code they are.

Nothing of the learner's is imported here.
"""

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from gradus.check import Claim, Diagnostic
from gradus.core.errors import ContentError
from gradus.core.lab import Lab
from gradus.judge.trouble import Ours

_loading = threading.Lock()


@dataclass(frozen=True, slots=True)
class Specification:
    """What a lab's check declares."""

    claims: tuple[Claim, ...]
    """The claims in the order of the file."""
    diagnostics: tuple[Diagnostic, ...]
    """Looks that tell variants apart in labs with randomness."""
    first: int = 0
    """Which place of the file the first claim has; not 0 where only one is judged."""

    def only(self, name: str) -> "Specification":
        """Return the specification with one claim alone; raises `Ours` where it has none such."""
        for place, claim in enumerate(self.claims):
            if claim.name == name:
                return Specification((claim,), (), place)
        raise Ours(f"check.py has no claim named {name}")

    def naming(self, variant: str) -> frozenset[int]:
        """Return the places of the claims that name a variant."""
        return frozenset(
            place for place, claim in enumerate(self.claims) if variant in claim.catches
        )

    def fits(self, variant: str, failed: frozenset[int]) -> bool:
        """Return whether a variant fails just these claims, give or take those it may fail."""
        certain = self.naming(variant)
        possible = {place for place, claim in enumerate(self.claims) if variant in claim.may_catch}
        return bool(certain) and certain <= failed <= certain | possible


def load_specification(lab: Lab) -> Specification:
    """Run `check.py` afresh; raises `ContentError` where it does not load or has no claim."""
    module = load_trusted(lab, "check.py")
    claims = tuple(each for each in vars(module).values() if isinstance(each, Claim))
    diagnostics = tuple(each for each in vars(module).values() if isinstance(each, Diagnostic))
    if not claims:
        raise ContentError(
            "check-without-claims",
            "check.py declares no claim.",
            path=lab.folder / "check.py",
            remedy="Write a function under @claim(…).",
        )
    return Specification(claims, diagnostics)


Case = tuple[Mapping[str, str | bytes], dict[str, Any]]
"""The files of a generated case, and its hidden parameters."""
A_CASE = "two dicts: the files by name, each text or bytes, and the hidden parameters by name"
MAKE_CASE = "make_case.py"
MOST_CASES = 4
"""Cases that are kept: every variant of a lab lies over the same one, and some take long."""
_cases: dict[tuple[Path, str, int], Case] = {}


def draws_cases(lab: Lab) -> bool:
    """Return whether each learner gets a case of their own."""
    return (lab.folder / MAKE_CASE).is_file()


def load_case(lab: Lab, case_seed: int) -> Case:
    """Return a generated case, only to be read; both parts are empty where the lab has none."""
    key = lab.folder, lab.version, case_seed
    made = _cases.get(key)
    if made is None:
        made = draw_case(lab, case_seed)
        for old in list(_cases)[: 1 - MOST_CASES]:
            _cases.pop(old, None)
        _cases[key] = made
    return made


def draw_case(lab: Lab, case_seed: int) -> Case:
    """Generate a case anew; raises `ContentError` where `make_case.py` gives none."""
    path = lab.folder / MAKE_CASE
    if not draws_cases(lab):
        return {}, {}
    make_case = vars(load_trusted(lab, path.name)).get("make_case")
    if not callable(make_case):
        raise _no_case("It defines no function 'make_case(rng)'.", path)
    try:
        made = make_case(np.random.default_rng([1, case_seed]))
    except Exception as error:
        said = f"make_case raises {type(error).__name__} for the case {case_seed}: {error}."
        raise _no_case(said, path, _line_of(error, path)) from error
    if not _is_case(made):
        said = f"make_case returns {type(made).__name__} for the case {case_seed}, not {A_CASE}."
        raise _no_case(said, path)
    files, hidden = made
    return files, hidden


def _is_case(made: object) -> bool:
    match made:
        case (dict() as files, dict() as hidden):
            texts = all(isinstance(each, str | bytes) for each in files.values())
            return texts and all(isinstance(each, str) for each in (*files, *hidden))
    return False


def _no_case(said: str, path: Path, line: int | None = None) -> ContentError:
    return ContentError("no-case", said, path=path, line=line)


def load_trusted(lab: Lab, name: str) -> ModuleType:
    """Run one of the lab's own files as a fresh module, `content/` being importable meanwhile."""
    path = lab.folder / name
    try:
        source = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ContentError(
            "file-missing", f"{name} cannot be read: {error.strerror}.", path=path
        ) from error
    module = ModuleType(f"{lab.id.replace('-', '_')}_{path.stem}")
    module.__file__ = str(path)
    with _loading, _importable(lab.folder.parent.parent):
        try:
            exec(_compiled(path, source), module.__dict__)
        except Exception as error:
            line = _line_of(error, path)
            raise ContentError(
                "check-does-not-load",
                f"{name} does not load: {type(error).__name__}: {error}.",
                path=path,
                line=line,
            ) from error
    return module


@lru_cache(maxsize=256)
def _compiled(path: Path, source: str) -> CodeType:
    """Compile a file once for as long as its text stays the same; it still runs each time."""
    return compile(source, str(path), "exec")


def _line_of(error: BaseException, path: Path) -> int | None:
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return error.lineno
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


@contextmanager
def _importable(content: Path) -> Iterator[None]:
    """Make `simulators.…` importable while trusted code loads, and leave nothing behind."""
    sys.path.insert(0, str(content))
    try:
        yield
    finally:
        sys.path.remove(str(content))
        for name in [each for each in sys.modules if each.split(".")[0] == "simulators"]:
            del sys.modules[name]
