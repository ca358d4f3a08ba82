"""Linux namespaces: processes, network, mounts and shared memory that are nobody else's.

Entered once around a warm parent, and once more for a child that may start programs. Where the
system does not allow them nothing happens and the caller is told.
"""

# ruff: noqa: PTH123
# The program starts sooner without pathlib.

import contextlib
import ctypes
import fcntl
import os
import re
import signal
import socket
import struct

_USER, _NET, _PID, _MOUNT, _IPC = 0x10000000, 0x40000000, 0x20000000, 0x00020000, 0x08000000
_NAMES = {_USER: "user", _NET: "net", _PID: "pid", _MOUNT: "mount", _IPC: "ipc"}
_INNER = _NET | _PID | _MOUNT | _IPC
_REC, _PRIVATE, _BIND = 0x4000, 1 << 18, 0x1000
_NOSUID, _NODEV, _NOEXEC = 2, 4, 8
_MOUNT_SETATTR, _AT_FDCWD, _AT_RECURSIVE, _RDONLY = 442, -100, 0x8000, 1
_PDEATHSIG = 1
_OWN_BOUND_SINCE, _MOST_PROCESSES = (6, 14), 512
SHARED = "/dev/shm"
_MOST_FDS = 4096
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1

_libc = ctypes.CDLL(None, use_errno=True)


def enter() -> list[str]:
    """Move this process's next child into namespaces of its own; return their names."""
    uid, gid = os.getuid(), os.getgid()
    if not hasattr(_libc, "unshare"):
        return []
    if _libc.unshare(_USER | _INNER) == 0:
        _map_identity(uid, gid)
        return list(_NAMES.values())
    if uid == 0 and _libc.unshare(_INNER) == 0:
        return [_NAMES[flag] for flag in (_NET, _PID, _MOUNT, _IPC)]
    return []


def _map_identity(uid: int, gid: int) -> None:
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as stream:
            stream.write(text)


def settle() -> None:
    """Make the mounts of a new namespace our own, and show only its own processes in /proc."""
    _libc.mount(b"none", b"/", None, _REC | _PRIVATE, None)
    _libc.mount(b"proc", b"/proc", b"proc", _NOSUID | _NODEV | _NOEXEC, None)


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent ends."""
    if hasattr(_libc, "prctl"):
        _libc.prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def enter_again(folder: str | None) -> tuple[bool, bool]:
    """Go on in a grandchild of this process, in namespaces of its own, read-only but `folder`.

    Returns whether the system allowed it (else it is still the same process), and whether all
    else is read-only. This process waits and ends as the grandchild ended; the one between is
    process 1 of the namespaces, which the kernel shields from signals and which takes all that
    is left behind with it when it ends.
    """
    if not hasattr(_libc, "unshare") or _libc.unshare(_INNER) != 0:
        return False, False
    told, tell = os.pipe()
    outer = os.fork()
    if outer:
        os.close(tell)
        _end_as_told(told, outer)
    die_with_parent()
    settle()
    _bound_processes()
    _libc.mount(b"tmpfs", SHARED.encode(), b"tmpfs", _NOSUID | _NODEV | _NOEXEC, b"size=64m")
    _loopback_up()
    read_only = _only_writable([SHARED, *([folder] if folder else [])])
    inner = os.fork()
    if inner:
        _wait_as_first(inner, tell)
    os.close(told)
    os.close(tell)
    die_with_parent()
    return True, read_only


def _bound_processes() -> None:
    """Bound the number of processes in this namespace: root's are bounded by nothing else.

    The bound is the namespace's own since Linux 6.14; before, it was the whole machine's.
    """
    major, minor = (int(each) for each in re.findall(r"\d+", os.uname().release)[:2])
    if (major, minor) >= _OWN_BOUND_SINCE:
        with contextlib.suppress(OSError), open("/proc/sys/kernel/pid_max", "w") as stream:
            stream.write(str(_MOST_PROCESSES))


def _close_all_but(kept: int) -> None:
    os.closerange(0, kept)
    os.closerange(kept + 1, _MOST_FDS)


def _end_as_told(told: int, outer: int) -> None:
    _close_all_but(told)
    status = os.waitpid(outer, 0)[1]
    words = os.read(told, 4)
    end_like(int.from_bytes(words, "little") if words else status)


def _wait_as_first(inner: int, tell: int) -> None:
    """Wait for one process, and for all that were left to this one, as process 1 must."""
    _close_all_but(tell)
    pid, status = 0, 0
    while pid != inner:
        pid, status = os.wait()
    os.write(tell, status.to_bytes(4, "little"))
    os._exit(0)


def end_like(status: int) -> None:
    """End this process as another ended."""
    if os.WIFEXITED(status):
        os._exit(os.WEXITSTATUS(status))
    number = os.WTERMSIG(status)
    if number != signal.SIGKILL:
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(128 + number)


def _only_writable(places: list[str]) -> bool:
    done = True
    for place in places[1:]:
        raw = os.fsencode(place)
        done = done and _libc.mount(raw, raw, None, _BIND | _REC, None) == 0
        os.chdir(place)
    done = done and _set_read_only(b"/", True)
    return done and all(_set_read_only(os.fsencode(place), False) for place in places)


def _set_read_only(path: bytes, on: bool) -> bool:
    attributes = struct.pack("<QQQQ", _RDONLY if on else 0, 0 if on else _RDONLY, 0, 0)
    size = ctypes.c_size_t(len(attributes))
    return bool(
        _libc.syscall(_MOUNT_SETATTR, _AT_FDCWD, path, _AT_RECURSIVE, attributes, size) == 0
    )


def _loopback_up() -> None:
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            request = struct.pack("16sh14x", b"lo", _IFF_UP)
            fcntl.ioctl(line.fileno(), _SIOCSIFFLAGS, request)
    except OSError:
        return


def drop_capabilities() -> None:
    """Give up every privilege that a root user, or a namespace of one's own, brings."""
    number = {"x86_64": 126, "aarch64": 91}.get(os.uname().machine)
    if number is not None:
        header = struct.pack("<Ii", 0x20080522, 0)
        _libc.syscall(number, header, struct.pack("<6I", 0, 0, 0, 0, 0, 0))
