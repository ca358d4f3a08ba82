"""Which layers of isolation this machine enforces, in words for `gradus doctor`.

It only looks: it must not change what is enforced.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from ..core.errors import PrerequisiteError
from .inside import landlock, seccomp

_TRY_NAMESPACES = "\nimport json, sys\nsys.stdout.write(json.dumps(enter()))\n"
_SECONDS = 20
_ON_LINUX = "Use Linux, for instance in a virtual machine; this is:\nuname -s"
_PROCESSOR = "Use Linux on an x86-64 or ARM-64 processor; this one is:\nuname -sm"
_LANDLOCK = (
    "It comes with Linux 5.13 and must stand in the list of security modules (lsm=landlock,… when "
    "the system starts):\ncat /sys/kernel/security/lsm"
)
_SWITCHES = {
    "kernel.apparmor_restrict_unprivileged_userns": ("1", "0"),
    "kernel.unprivileged_userns_clone": ("0", "1"),
    "user.max_user_namespaces": ("0", "10000"),
}
"""What keeps ordinary users from namespaces: closed and opened."""


@dataclass(frozen=True, slots=True)
class LayerState:
    """One layer of isolation as it is on this machine."""

    name: str
    """Its name, such as `files`."""
    enforced: bool
    """Whether the system enforces it here."""
    says: str
    """One sentence for a person: what it stops, or what is not stopped without it."""
    how: str = ""
    """Where it is missing: a sentence on how to get it, and the command on a line of its own."""


def layers() -> list[LayerState]:
    """Return every layer and whether it is in force here, the strongest first."""
    return [_process(), _limits(), _files(), _calls(), _namespaces()]


def require_every_layer() -> None:
    """Raise PrerequisiteError for the first layer that is missing: what strict mode asks for."""
    for layer in layers():
        if not layer.enforced:
            sentence, _, command = layer.how.partition("\n")
            raise PrerequisiteError(
                f"Strict mode judges nothing here, because a layer of isolation is missing: "
                f"{layer.name}. {layer.says} {sentence}",
                command,
            )


def _process() -> LayerState:
    return LayerState(
        "process",
        True,
        "Your code runs in a process of its own, without this program's environment variables "
        "and open files; the verdict is computed outside it.",
    )


def _limits() -> LayerState:
    says = "Time, memory, printed output and file sizes are limited."
    if sys.platform != "linux":
        says = "Time, printed output and file sizes are limited; memory is not, on this system."
        return LayerState("limits", False, says, _ON_LINUX)
    return LayerState("limits", True, says)


def _files() -> LayerState:
    version = landlock.abi() if seccomp.supported() else 0
    if version:
        return LayerState(
            "files",
            True,
            f"Code that is checked reads its interpreter, its libraries and its own folder, and "
            f"writes only its own folder (Landlock, version {version}).",
        )
    lacks, how = _what_files_lack()
    if "mount" in namespaces_here():
        says = "writes only its own folder, but can read all your files"
        return LayerState("files", False, f"Code that is checked {says}: {lacks}.", how)
    return LayerState(
        "files",
        False,
        f"Code that is checked can read and write all your files: {lacks}. "
        f"Check only code that you would run yourself.",
        how,
    )


def _what_files_lack() -> tuple[str, str]:
    if sys.platform == "linux" and not seccomp.supported():
        return "Landlock is not used on this kind of processor", _PROCESSOR
    how = _LANDLOCK if sys.platform == "linux" else _ON_LINUX
    return "this system has no Landlock (Linux 5.13 or later)", how


def _calls() -> LayerState:
    if not seccomp.supported():
        return LayerState(
            "system calls",
            False,
            "Code that is checked can open connections and start programs: this system has no "
            "seccomp filter for its kind of processor.",
            _PROCESSOR,
        )
    return LayerState(
        "system calls",
        True,
        "Code that is checked cannot open connections, start programs, or reach other processes "
        "(seccomp).",
    )


def _namespaces() -> LayerState:
    spaces = namespaces_here()
    if not spaces:
        return LayerState(
            "namespaces",
            False,
            "Labs that start programs share the network and the list of processes with you: this "
            "system does not allow user namespaces." + _as_root(),
            _how_to_get_namespaces(),
        )
    return LayerState(
        "namespaces",
        True,
        f"Code that is checked has no network and sees no processes but its own "
        f"({', '.join(spaces)})." + _as_root(),
    )


def _how_to_get_namespaces() -> str:
    """Return the switch of this system that keeps ordinary users from namespaces."""
    if sys.platform != "linux":
        return _ON_LINUX
    for name, (closed, opened) in _SWITCHES.items():
        try:
            value = Path(f"/proc/sys/{name.replace('.', '/')}").read_text().strip()
        except OSError:
            continue
        if value == closed:
            return f"An administrator can allow them:\nsudo sysctl -w {name}={opened}"
    return (
        "Nothing on this system says why; in a container, its own filter of system calls often "
        "forbids them, and the machine itself allows them:\nunshare --user --net --pid true"
    )


def _as_root() -> str:
    if not hasattr(os, "getuid") or os.getuid() != 0:
        return ""
    return (
        " You are root: the kernel does not limit root's number of processes, so only the system "
        "call filter does; an ordinary user is the safer one to check as."
    )


@cache
def namespaces_here() -> tuple[str, ...]:
    """Try in a process of its own which namespaces this system allows; they end with it."""
    if sys.platform != "linux":
        return ()
    source = (files(__package__) / "inside" / "namespaces.py").read_text("utf-8")
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", source + _TRY_NAMESPACES],
            capture_output=True,
            check=True,
            timeout=_SECONDS,
        )
        return tuple(json.loads(done.stdout))
    except (OSError, subprocess.SubprocessError, ValueError):
        return ()
