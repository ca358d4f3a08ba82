"""Landlock: which files this process may read, write or run, enforced by the Linux kernel.

See landlock(7). It must not decide which places those are.
"""

import ctypes
import os
import stat
import struct

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_PATH_BENEATH = 1
_NO_NEW_PRIVS = 38

EXECUTE = 1 << 0
WRITE_FILE = 1 << 1
READ_FILE = 1 << 2
READ_DIR = 1 << 3
TRUNCATE = 1 << 14
_MAKE_DEVICES = 1 << 6 | 1 << 11
_ALL_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_FILE_ONLY = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | 1 << 15
_BIND_AND_CONNECT, _ABSTRACT_SOCKETS_AND_SIGNALS = 3, 3
_TCP_FROM_ABI, SCOPES_FROM_ABI = 4, 6

READ = READ_FILE | READ_DIR
RUN = READ | EXECUTE
DEVICE = READ_FILE | WRITE_FILE

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def abi() -> int:
    """Return the version of Landlock in this kernel, 0 where there is none."""
    return max(0, int(_libc.syscall(_CREATE, None, ctypes.c_size_t(0), 1)))


def handled(version: int) -> int:
    """Return every access to files that this version can refuse."""
    return max(bits for since, bits in _ALL_BY_ABI.items() if since <= version)


def own_folder(version: int) -> int:
    """Return what a child may do in its own folder: all but running files and making devices."""
    return handled(version) & ~EXECUTE & ~_MAKE_DEVICES


def restrict(version: int, rules: list[tuple[int, int]], network: bool) -> None:
    """Allow this process only `rules` (open descriptor, accesses) and nothing else, for ever.

    `network` leaves TCP alone, for a process with a network namespace of its own.
    """
    everything = handled(version)
    attributes = struct.pack("<Q", everything)
    if version >= _TCP_FROM_ABI:
        attributes += struct.pack("<Q", 0 if network else _BIND_AND_CONNECT)
    if version >= SCOPES_FROM_ABI:
        attributes += struct.pack("<Q", _ABSTRACT_SOCKETS_AND_SIGNALS)
    ruleset = _call(_CREATE, attributes, ctypes.c_size_t(len(attributes)), 0)
    for fd, access in rules:
        fitting = everything if stat.S_ISDIR(os.fstat(fd).st_mode) else everything & _FILE_ONLY
        _call(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("<Qi", access & fitting, fd), 0)
    no_new_privileges()
    _call(_RESTRICT, ruleset, 0)
    os.close(ruleset)


def no_new_privileges() -> None:
    """Give up ever gaining privileges by running a file."""
    if _libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs")


def _call(number: int, *words: object) -> int:
    outcome = int(_libc.syscall(number, *words))
    if outcome < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"Landlock: {os.strerror(error)}")
    return outcome


def opened(path: str) -> int:
    """Open a place only to name it in a rule; -1 where there is none."""
    try:
        return os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return -1
