"""The child program as text, and the interpreter started with it.

Gradus's own folder is never readable to the child: the program is sent through its stdin.
"""

import json
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import IO, Any

from ..core.errors import SandboxError
from .outcomes import Runtime
from .quiet import TELEMETRY_OFF

FILES = (
    "frames",
    "values",
    "exotics",
    "faults",
    "commands",
    "server",
    "landlock",
    "seccomp",
    "namespaces",
    "walls",
    "warm",
)
_BOOT = """
import json, sys, types
def load():
    words, sources = json.load(sys.stdin.buffer)
    package = types.ModuleType("gradus_inside")
    package.__path__ = []
    sys.modules["gradus_inside"] = package
    for name, source in sources:
        module = types.ModuleType("gradus_inside." + name)
        module.__package__ = "gradus_inside"
        sys.modules[module.__name__] = module
        exec(compile(source, "<gradus " + name + ">", "exec"), module.__dict__)
        setattr(package, name, module)
    return package.warm.main, words
main, words = load()
main(words)
"""
_ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


@cache
def sources() -> tuple[tuple[str, str], ...]:
    """Return name and text of every file of the child program, in the order they load."""
    folder = files(__package__) / "inside"
    return tuple((name, (folder / f"{name}.py").read_text("utf-8")) for name in FILES)


def environment(runtime: Runtime) -> dict[str, str]:
    """Return the only environment variables that a child has."""
    variables = {
        "PATH": str(runtime.python.parent),
        "USER": "learner",
        "LOGNAME": "learner",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "HOME": "/nonexistent",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "MALLOC_ARENA_MAX": "2",
        "MPLBACKEND": "Agg",
    }
    return variables | dict.fromkeys(_ONE_THREAD, "1") | TELEMETRY_OFF


def start(
    runtime: Runtime, words: dict[str, Any], pass_fds: Sequence[int]
) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
    """Start the interpreter with the program; its own complaints go to the returned file."""
    complaints = tempfile.TemporaryFile()  # noqa: SIM115 (the caller keeps it open)
    try:
        # A file, not a pipe: the program is longer than a pipe holds, and nobody shall wait.
        with tempfile.TemporaryFile() as text:
            text.write(json.dumps([words, sources()]).encode())
            text.seek(0)
            process = subprocess.Popen(
                [str(runtime.python), "-s", "-P", "-c", _BOOT],
                stdin=text,
                stdout=complaints,
                stderr=complaints,
                env=environment(runtime),
                cwd="/",
                pass_fds=tuple(pass_fds),
                start_new_session=True,
            )
    except OSError as error:
        complaints.close()
        raise SandboxError(
            f"The interpreter of the environment {runtime.name} cannot be started: {error}."
        ) from error
    return process, complaints


def said(complaints: IO[bytes]) -> str:
    """Return the last line that the interpreter complained with."""
    if complaints.closed:
        return "it was closed"
    complaints.seek(0)
    lines = complaints.read()[-4000:].decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def prefix_words(runtime: Runtime) -> dict[str, Any]:
    """Return what the program needs to know of its environment."""
    own = Path(__file__).resolve().parent.parent
    return {
        "imports": list(runtime.imports),
        "readable": [str(path) for path in runtime.readable],
        "hidden": [str(own), *(str(path.resolve()) for path in runtime.hidden)],
    }
