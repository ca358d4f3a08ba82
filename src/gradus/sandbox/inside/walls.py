"""Closes the child in before the learner's code runs: limits, files, system calls, namespaces.

What the system cannot enforce is reported, never pretended.
"""

# ruff: noqa: PTH103, PTH118, PTH123, PTH208
# The program starts sooner without pathlib.

import fcntl
import os
import resource
import socket
import sys
from dataclasses import dataclass
from typing import Any

from . import landlock, namespaces, seccomp

_PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024
# Threads and started programs reserve far more address space than they use.
_SLACK_MB = {"compute": 2048, "service": 2048, "tools": 4096}
# All children of a warm parent count together, and an event loop alone keeps forty threads.
_THREADS = 256
_FIRST_KEPT = 300
_PROFILES = ("compute", "service", "tools")
_SYSTEM = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/etc/nsswitch.conf")
_KERNEL = (
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/sys/devices/system/cpu",
    "/sys/fs/cgroup",
)
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
_LOADERS = (
    "/lib64/ld-linux-x86-64.so.2",
    "/lib/ld-linux-aarch64.so.1",
    "/lib/ld-musl-x86_64.so.1",
    "/lib/ld-musl-aarch64.so.1",
)


@dataclass(frozen=True)
class Prepared:
    """What the warm parent works out once for all its children."""

    rules: tuple[tuple[int, int], ...]
    runnable: tuple[tuple[int, int], ...]
    resident_kb: int
    namespaces: tuple[str, ...]
    landlock_abi: int
    filters: dict[str, bytes]

    @property
    def keep_fds(self) -> tuple[int, ...]:
        """Descriptors that a child needs until it is closed in."""
        return tuple(fd for fd, _ in (*self.rules, *self.runnable))


def enter_namespaces(control: socket.socket) -> tuple[str, ...]:
    """Go on in namespaces of our own, where allowed, in a child of this process.

    Returns the names of the namespaces. The process that was started stays outside and only
    waits: the kernel kills the inner one, and with it every child, when it ends.
    """
    spaces = namespaces.enter()
    if not spaces:
        return ()
    pid = os.fork()
    if pid:
        control.close()
        os._exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 0xFF)
    namespaces.die_with_parent()
    namespaces.settle()
    return tuple(spaces)


def prepare(words: dict[str, Any], spaces: tuple[str, ...]) -> Prepared:
    """Do once what every child would repeat."""
    filters: dict[str, bytes] = {}
    version = 0
    if seccomp.supported():
        version = landlock.abi()
        scoped = version >= landlock.SCOPES_FROM_ABI
        filters = {name: seccomp.program(name, False, scoped) for name in _PROFILES}
        filters |= {f"{name}, private": seccomp.program(name, True) for name in _PROFILES}
    resident_kb = memory_kb()[1]
    if not version:
        return Prepared((), (), resident_kb, spaces, 0, filters)
    hidden = words["hidden"]
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    readable = [*prefixes, *_SYSTEM, *_KERNEL, *words["readable"]]
    rules = [
        (landlock.opened(each), landlock.READ) for path in readable for each in around(path, hidden)
    ]
    rules += [(landlock.opened(path), landlock.DEVICE) for path in _DEVICES]
    programs = [*around(sys.prefix, hidden), os.path.realpath(sys.executable), *_LOADERS]
    runnable = [(landlock.opened(path), landlock.RUN) for path in programs]
    return Prepared(_kept(rules), _kept(runnable), resident_kb, spaces, version, filters)


def around(place: str, hidden: list[str]) -> list[str]:
    """Return a place as pieces that leave out what is hidden in it.

    Gradus may be installed in the interpreter that an environment is built on; its labs with
    their references would then lie where learner's code must be able to read.
    """
    place = os.path.realpath(place)
    if place in hidden:
        return []
    if not any(each.startswith(place.rstrip("/") + "/") for each in hidden):
        return [place]
    try:
        inner = sorted(os.listdir(place))
    except OSError:
        return []
    return [piece for name in inner for piece in around(os.path.join(place, name), hidden)]


def _there(rules: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    return tuple((fd, access) for fd, access in rules if fd >= 0)


def _kept(rules: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Move descriptors that live on out of the way of those that a child will have."""
    moved = []
    for fd, access in _there(rules):
        moved.append((fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, _FIRST_KEPT), access))
        os.close(fd)
    return tuple(moved)


def memory_kb() -> tuple[int, int]:
    """Return the size and the resident part of this process in KiB."""
    try:
        with open("/proc/self/statm") as stream:
            size, resident = stream.read().split()[:2]
        return int(size) * _PAGE_KB, int(resident) * _PAGE_KB
    except OSError:
        return 0, 0


def close_in(words: dict[str, Any], prepared: Prepared) -> list[str]:
    """Apply every layer to this process and return the names of those in force."""
    folder, profile = words["folder"], words["profile"]
    enforced = ["limits"]
    _settle_in(folder, profile)
    nested = read_only = False
    needed = profile == "tools" or not prepared.landlock_abi
    if needed and "mount" in prepared.namespaces:
        nested, read_only = namespaces.enter_again(folder)
    if nested:
        enforced.append("own namespaces")
    elif prepared.namespaces:
        enforced.append("namespaces")
    _limit(words["limits"], profile, "user" in prepared.namespaces)
    _die_first()
    if sys.platform == "linux":
        namespaces.drop_capabilities()
    if prepared.landlock_abi:
        own = _own_rules([folder] * bool(folder) + [namespaces.SHARED] * nested, prepared)
        others = prepared.rules + (prepared.runnable if profile == "tools" else ())
        landlock.restrict(prepared.landlock_abi, [*others, *own], network=nested)
        for fd, _ in own:
            os.close(fd)
        enforced.append("landlock")
    if prepared.filters:
        landlock.no_new_privileges()
        seccomp.install(prepared.filters[f"{profile}, private" if read_only else profile])
        enforced.append("seccomp")
    for fd in prepared.keep_fds:
        os.close(fd)
    return enforced


def _settle_in(folder: str | None, profile: str) -> None:
    os.chdir(folder or "/")
    if folder:
        temporary = os.path.join(folder, ".tmp") if profile == "tools" else folder
        os.makedirs(temporary, exist_ok=True)
        os.environ["HOME"] = folder
        os.environ["TMPDIR"] = temporary


def _own_rules(writable: list[str], prepared: Prepared) -> tuple[tuple[int, int], ...]:
    access = landlock.own_folder(prepared.landlock_abi)
    rules = [(landlock.opened(path), access) for path in writable]
    return _there([*rules, (landlock.opened("/proc/self"), landlock.READ)])


def _limit(limits: dict[str, Any], profile: str, own_users: bool) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = max(1, int(limits["seconds"] + used.ru_utime + used.ru_stime + 0.999))
    size = memory_kb()[0] * 1024
    bounds = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, limits["file_mb"] * 2**20),
        (resource.RLIMIT_NOFILE, 256 if profile == "compute" else 1024),
    ]
    if size:
        room = limits["memory_mb"] + _SLACK_MB[profile]
        bounds.append((resource.RLIMIT_AS, size + room * 2**20))
    if own_users:
        bounds.append((resource.RLIMIT_NPROC, _THREADS + limits["processes"]))
    for which, bound in bounds:
        _bound(which, bound, bound)
    _bound(resource.RLIMIT_CPU, seconds, seconds + 1)


def _die_first() -> None:
    """Be the first that the kernel ends when memory is short, before the judge or the parent."""
    try:
        with open("/proc/self/oom_score_adj", "w") as stream:
            stream.write("1000")
    except OSError:
        return


def _bound(which: int, soft: int, hard: int) -> None:
    ceiling = resource.getrlimit(which)[1]
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(which, (soft, hard))
