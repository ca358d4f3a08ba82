"""Finds a Python interpreter that an environment can be built from.

It must not install anything and must not import a third party.
"""

import operator
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gradus.core.errors import PrerequisiteError

COMPARISONS: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
PROGRAMS = ("python3.13", "python3.12", "python3.11", "python3.14", "python3", "python")
ASK = """
import sys
try:
    import venv, ensurepip
except ImportError:
    print(*sys.version_info[:2], "without-venv")
else:
    print(*sys.version_info[:2], "with-venv")
"""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python that can make virtual environments."""

    path: Path
    """Its program."""
    version: tuple[int, ...]
    """Major and minor version."""


def accepts(specifier: str, version: tuple[int, ...]) -> bool:
    """Say whether a version such as `(3, 12)` satisfies a specifier such as `>=3.11,<3.14`."""
    for part in filter(None, (each.strip() for each in specifier.split(","))):
        match = re.fullmatch(r"(>=|<=|==|!=|>|<)\s*(\d+)\.(\d+)", part)
        if match is None:
            raise ValueError(f"'{part}' is not a comparison such as '>=3.11'")
        sign, *numbers = match.groups()
        if not COMPARISONS[sign](version[:2], tuple(int(each) for each in numbers)):
            return False
    return True


def find_interpreter(specifier: str, name: str) -> Interpreter:
    """Return the Python that runs Gradus if it fits, else the first on the path that does."""
    without_venv: Interpreter | None = None
    for path in candidates():
        answer = ask(path)
        if answer is None or not accepts(specifier, answer[0]):
            continue
        version, has_venv = answer
        found = Interpreter(path, version)
        if has_venv:
            return found
        without_venv = without_venv or found
    wanted = specifier.replace(",", " and ")
    if without_venv is not None:
        raise PrerequisiteError(
            f"The environment '{name}' needs a Python {wanted} that can make virtual environments; "
            f"{without_venv.path} cannot, because its venv module is not installed.",
            install_command(without_venv.version),
        )
    raise PrerequisiteError(
        f"The environment '{name}' needs Python {wanted}, and none was found on this machine.",
        install_command(None),
    )


def candidates() -> Iterator[Path]:
    """Yield the interpreter below this one's virtual environment, then those on the path."""
    seen: set[Path] = set()
    own = getattr(sys, "_base_executable", None) or sys.executable
    for program in (own, *map(shutil.which, PROGRAMS)):
        if program is None:
            continue
        path = Path(program)
        if path not in seen:
            seen.add(path)
            yield path


def ask(python: Path) -> tuple[tuple[int, ...], bool] | None:
    """Return an interpreter's version and whether it has `venv`; None where it does not run."""
    try:
        answer = subprocess.run(
            [str(python), "-I", "-c", ASK],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
            stdin=subprocess.DEVNULL,
        )
        major, minor, venv = answer.stdout.split()
        return (int(major), int(minor)), venv == "with-venv"
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def install_command(without_venv: tuple[int, ...] | None) -> str:
    """Return the words that install Python here, or the venv module that a version is without."""
    if sys.platform == "darwin":
        return "brew install python@3.13"
    if sys.platform == "win32":
        return "winget install Python.Python.3.13"
    package = "python" + ".".join(map(str, without_venv or (3, 13)))
    if shutil.which("apt-get"):
        wanted = f"{package}-venv" if without_venv else f"{package} {package}-venv"
        return f"sudo apt-get install {wanted}"
    if shutil.which("dnf"):
        return f"sudo dnf install {package}"
    if shutil.which("pacman"):
        return "sudo pacman -S python"
    return f"Install {package} with this system's own package manager, then repeat the command."
