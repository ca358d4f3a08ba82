"""Builds, finds and removes the Python environments that labs run in.

It must not import the libraries of an environment and knows nothing of labs.
"""

import contextlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import platformdirs

from gradus.core.environment import EnvironmentSpec
from gradus.core.errors import PrerequisiteError
from gradus.sandbox.interpreters import find_interpreter
from gradus.sandbox.pip import Pip
from gradus.sandbox.quiet import TELEMETRY_OFF

STAMP = "gradus-complete.json"

Report = Callable[[str], None]


def environment_home() -> Path:
    """Return the folder that environments live in: `$GRADUS_ENVIRONMENTS`, or the user's own."""
    chosen = os.environ.get("GRADUS_ENVIRONMENTS")
    if chosen:
        return Path(chosen).expanduser().absolute()
    return Path(platformdirs.user_data_dir("gradus", appauthor=False)) / "environments"


def folder_of(spec: EnvironmentSpec) -> Path:
    """Return where an environment lies; another lock is another folder."""
    return environment_home() / f"{spec.name}-{spec.digest.removeprefix('sha256:')[:12]}"


def python_of(folder: Path) -> Path:
    """Return the path of a virtual environment's interpreter."""
    if os.name == "nt":
        return folder / "Scripts" / "python.exe"
    return folder / "bin" / "python"


def find(spec: EnvironmentSpec) -> Path | None:
    """Return the interpreter of an environment that is complete for this lock, else None."""
    folder = folder_of(spec)
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    python = python_of(folder)
    complete = isinstance(stamp, dict) and stamp.get("digest") == spec.digest
    return python if complete and python.exists() else None


def install(spec: EnvironmentSpec, report: Report) -> Path:
    """Build an environment, or go on where an earlier try stopped; return its interpreter.

    Raises PrerequisiteError where Python, the network, the disk or permission is missing.
    """
    home = environment_home()
    lock = home / f".{spec.name}.lock"
    present = find(spec)
    if present is not None:
        # Where nothing may be written, or another Gradus installs just now, they stay.
        with contextlib.suppress(OSError), lock.open("a+") as stream:
            if try_lock(stream):
                remove_others(spec, report)
        return present
    try:
        home.mkdir(parents=True, exist_ok=True)
        with only_one(lock, spec.name, report):
            present = find(spec)
            return present if present is not None else build(spec, report)
    except OSError as fault:
        raise PrerequisiteError(
            f"The environment '{spec.name}' could not be built in {home}: "
            f"{fault.strerror or fault}.",
            f"GRADUS_ENVIRONMENTS=/a/place/with/room gradus install {spec.name}",
        ) from fault


def build(spec: EnvironmentSpec, report: Report) -> Path:
    """Make the virtual environment and fill it; only the last step stamps it as complete."""
    folder = folder_of(spec)
    python = python_of(folder)
    began = time.monotonic()
    if not runs(python):
        interpreter = find_interpreter(spec.python, spec.name)
        version = ".".join(map(str, interpreter.version))
        report(f"Making '{spec.name}' with Python {version} in {folder}")
        shutil.rmtree(folder, ignore_errors=True)
        make_virtual_environment(interpreter.path, folder, spec.name)
    else:
        report(f"Going on with '{spec.name}' in {folder}")
    Pip(python, spec.name, report).install_lock(spec.lock)
    report(f"Importing {', '.join(spec.imports)}")
    import_all(python, spec)
    stamp = folder / f"{STAMP}.new"
    stamp.write_text(json.dumps({"name": spec.name, "digest": spec.digest}), encoding="utf-8")
    stamp.replace(folder / STAMP)
    remove_others(spec, report)
    report(f"'{spec.name}' is complete ({time.monotonic() - began:.0f} s).")
    return python


def runs(python: Path) -> bool:
    """Say whether an interpreter starts and has pip: an interrupted build may have left half."""
    if not python.exists():
        return False
    words = [str(python), "-I", "-m", "pip", "--version"]
    try:
        return subprocess.run(words, capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def make_virtual_environment(python: Path, folder: Path, name: str) -> None:
    """Run `python -m venv`, with its own words where it fails."""
    made = subprocess.run(
        [str(python), "-I", "-m", "venv", str(folder)], capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        said = (made.stderr or made.stdout).strip().splitlines()
        raise PrerequisiteError(
            f"{python} could not make a virtual environment: {said[-1] if said else 'no reason'}",
            f"gradus install {name}",
        )


def import_all(python: Path, spec: EnvironmentSpec) -> None:
    """Import what the environment promises; a broken library is better met here than in a lab."""
    words = [str(python), "-I", "-c", f"import {', '.join(spec.imports)}"]
    environment = {**os.environ, **TELEMETRY_OFF}
    if not spec.imports:
        return
    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        raise PrerequisiteError(
            f"'{spec.name}' is installed, but does not import: {said[-1] if said else 'no reason'}",
            f"gradus install {spec.name}",
        )


def remove_others(spec: EnvironmentSpec, report: Report) -> None:
    """Remove the environments that earlier locks of the same name left, whole or half-built.

    One that something runs in is left, and said; the next installation looks again.
    """
    keep = folder_of(spec)
    for folder in environment_home().glob(f"{spec.name}-*"):
        key = folder.name.removeprefix(f"{spec.name}-")
        if folder == keep or len(key) != 12 or not folder.is_dir():
            continue
        if any(f"{folder}{os.sep}" in line for line in command_lines()):
            report(
                f"The earlier '{spec.name}' in {folder} is in use and stays. Once nothing runs in "
                f"it, `gradus install {spec.name}` removes it."
            )
        else:
            shutil.rmtree(folder, ignore_errors=True)


def command_lines() -> list[str]:
    """Return the command lines of all processes that this user may see."""
    proc = Path("/proc")
    if (proc / "self").exists():
        lines = []
        for path in proc.glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):  # it has ended meanwhile
                lines.append(path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
        return lines
    try:
        words = ["ps", "-axww", "-o", "args="]
        return subprocess.run(words, capture_output=True, text=True, check=False).stdout.split("\n")
    except OSError:
        return []


@contextlib.contextmanager
def only_one(path: Path, name: str, report: Report) -> Iterator[None]:
    """Hold a lock file while an environment is built; say so while another process holds it."""
    with path.open("a+") as stream:
        waited = 0
        while not try_lock(stream):
            if waited % 10 == 0:
                report(f"Another process is installing '{name}'; waiting for it ({waited} s).")
            time.sleep(1)
            waited += 1
        yield


def try_lock(stream: IO[str]) -> bool:
    """Take an exclusive lock that the system drops when the process ends, however it ends."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
