"""Seccomp: which system calls this process may make, as a filter that the Linux kernel runs.

See seccomp(2). Everything that a numerical program needs is left alone; what reaches other
processes, the network, the kernel's own settings or memory that no limit counts is refused.
"""

import ctypes
import errno
import os
import platform
import struct

_ARCHES = {"x86_64": (0xC000003E, 0, 317), "aarch64": (0xC00000B7, 1, 277)}
_X32 = 0x40000000
_FIRST_UNKNOWN = 457
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCH, _FIRST_WORD, _SECOND_WORD = 0, 4, 16, 24
_OWN_NUMBER = 0x5E1F5E1F
_CLONE_THREAD = 0x00010000
_CLONE_NAMESPACES = 0x7E020080

# name: (x86_64, aarch64); -1 where the machine has no such call.
_NEVER = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kcmp": (312, 272), "pidfd_getfd": (438, 438), "process_madvise": (440, 440),
    "process_mrelease": (448, 448), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "userfaultfd": (323, 282), "perf_event_open": (298, 241),
    "bpf": (321, 280), "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40),
    "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142),
    "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "quotactl": (179, 60),
    "quotactl_fd": (443, 443), "syslog": (103, 116), "sethostname": (170, 161),
    "setdomainname": (171, 162), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "adjtimex": (159, 171), "clock_adjtime": (305, 266), "iopl": (172, -1), "ioperm": (173, -1),
    "modify_ldt": (154, -1), "personality": (135, 92), "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265), "fanotify_init": (300, 262), "vhangup": (153, 58),
    "uselib": (134, -1), "lookup_dcookie": (212, 18), "memfd_secret": (447, 447),
    "shmget": (29, 194), "shmat": (30, 196), "semget": (64, 190), "msgget": (68, 186),
    "mq_open": (240, 180), "memfd_create": (319, 279),
}  # fmt: skip
_STARTS = {"execve": (59, 221), "execveat": (322, 281), "fork": (57, -1), "vfork": (58, -1)}
_SOCKETS = {
    "socket": (41, 198), "connect": (42, 203), "accept": (43, 202), "accept4": (288, 242),
    "bind": (49, 200), "listen": (50, 201),
}  # fmt: skip
_SOCKETPAIR = {"socketpair": (53, 199)}
_SIGNALS = {
    "kill": (62, 129), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
}  # fmt: skip
_OTHER_SIGNALS = {"tkill": (200, 130), "pidfd_send_signal": (424, 424)}
# Of itself alone: a process may do these to every other one of its user, such as the warm parent.
_OWN_ONLY = {
    "prlimit64": (302, 261), "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118), "sched_setattr": (314, 274),
}  # fmt: skip
_HUMBLING = {"ioprio_set": (251, 30), "migrate_pages": (256, 238), "move_pages": (279, 239)}
# Open files in a message on its way are counted by nobody.
_MESSAGES = {"sendmsg": (46, 211), "sendmmsg": (307, 269)}
_SETPRIORITY, _PRIO_PROCESS = (141, 140), 0
_PRCTL, _PDEATHSIG, _DUMPABLE = (157, 167), 1, 4
# Landlock does not cover these. They seem to succeed and do nothing, because copying a file
# within one's own folder calls them and a refusal there would look like the learner's fault.
_IGNORED = {
    "chmod": (90, -1), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "chown": (92, -1), "fchown": (93, 55), "lchown": (94, -1), "fchownat": (260, 54),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "removexattr": (197, 14),
    "lremovexattr": (198, 15), "fremovexattr": (199, 16),
}  # fmt: skip
_CLONE, _CLONE3 = (56, 220), (435, 435)

_libc = ctypes.CDLL(None, use_errno=True)


def supported() -> bool:
    """Say whether this machine's system calls are known here."""
    return os.uname().sysname == "Linux" and platform.machine() in _ARCHES


def program(profile: str, private: bool, scoped: bool = False) -> bytes:
    """Write the filter for a profile, as the kernel's instructions.

    `private` says that network, files and processes are in namespaces of the child's own;
    `scoped` that Landlock keeps its signals to what it started itself. The child's own number is
    left open until `install`.
    """
    arch, column, _ = _ARCHES[platform.machine()]
    refused = _NEVER | _HUMBLING
    own_only: dict[str, tuple[int, int]] = dict(_OWN_ONLY)
    if profile != "tools":
        refused |= _STARTS | _MESSAGES
    if profile != "tools" or not (private or scoped):
        refused |= _OTHER_SIGNALS
        own_only |= _SIGNALS
    if profile == "compute":
        refused |= _SOCKETPAIR
    if profile != "tools" or not private:
        refused |= _SOCKETS
    ignored = {} if profile == "tools" and private else _IGNORED
    code = [_op(_LOAD, _ARCH), _op(_EQUAL, arch, 1, 0), _op(_RETURN, _KILL), _op(_LOAD, _NUMBER)]
    if column == 0:
        code += [_op(_AT_LEAST, _X32, 0, 1), _op(_RETURN, _KILL)]
    code += [_op(_AT_LEAST, _FIRST_UNKNOWN, 0, 1), _op(_RETURN, _ERRNO | errno.ENOSYS)]
    code += _answered(_CLONE3[column], errno.ENOSYS)
    for numbers in refused.values():
        code += _answered(numbers[column], errno.EPERM)
    for numbers in ignored.values():
        code += _answered(numbers[column], 0)
    for numbers in own_only.values():
        code += _only_itself(numbers[column])
    code += _own_priority_only(_SETPRIORITY[column])
    code += _first_is_none_of(_PRCTL[column], _PDEATHSIG, _DUMPABLE)
    code += _threads_only(_CLONE[column]) if profile != "tools" else _no_spaces(_CLONE[column])
    return b"".join([*code, _op(_RETURN, _ALLOW)])


def _op(code: int, word: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, word)


def _answered(number: int, error: int) -> list[bytes]:
    if number < 0:
        return []
    return [_op(_EQUAL, number, 0, 1), _op(_RETURN, _ERRNO | error)]


def _only_itself(number: int) -> list[bytes]:
    """Allow the call where its first argument is this process, or 0 (`prlimit64` and `kill`)."""
    return [
        _op(_EQUAL, number, 0, 5),
        _op(_LOAD, _FIRST_WORD),
        _op(_EQUAL, _OWN_NUMBER, 2, 0),
        _op(_EQUAL, 0, 1, 0),
        _op(_RETURN, _ERRNO | errno.EPERM),
        _op(_RETURN, _ALLOW),
    ]


def _own_priority_only(number: int) -> list[bytes]:
    """Allow `setpriority` for this process, and not for all of its group or of its user."""
    return [
        _op(_EQUAL, number, 0, 7),
        _op(_LOAD, _FIRST_WORD),
        _op(_EQUAL, _PRIO_PROCESS, 0, 3),
        _op(_LOAD, _SECOND_WORD),
        _op(_EQUAL, _OWN_NUMBER, 2, 0),
        _op(_EQUAL, 0, 1, 0),
        _op(_RETURN, _ERRNO | errno.EPERM),
        _op(_RETURN, _ALLOW),
    ]


def _first_is_none_of(number: int, *words: int) -> list[bytes]:
    """Refuse a call whose first argument is one of `words`: outliving its parent, being unseen."""
    n_words = len(words)
    return [
        _op(_EQUAL, number, 0, n_words + 3),
        _op(_LOAD, _FIRST_WORD),
        *(_op(_EQUAL, word, n_words - place, 0) for place, word in enumerate(words)),
        _op(_RETURN, _ALLOW),
        _op(_RETURN, _ERRNO | errno.EPERM),
    ]


def _threads_only(number: int) -> list[bytes]:
    return [
        _op(_EQUAL, number, 0, 4),
        _op(_LOAD, _FIRST_WORD),
        _op(_ANY_BIT, _CLONE_THREAD, 1, 0),
        _op(_RETURN, _ERRNO | errno.EPERM),
        _op(_RETURN, _ALLOW),
    ]


def _no_spaces(number: int) -> list[bytes]:
    return [
        _op(_EQUAL, number, 0, 4),
        _op(_LOAD, _FIRST_WORD),
        _op(_ANY_BIT, _CLONE_NAMESPACES, 0, 1),
        _op(_RETURN, _ERRNO | errno.EPERM),
        _op(_RETURN, _ALLOW),
    ]


def install(code: bytes) -> None:
    """Put the filter in force for this process and all its threads, for ever."""
    code = code.replace(struct.pack("<I", _OWN_NUMBER), struct.pack("<I", os.getpid()))
    instructions = ctypes.create_string_buffer(code, len(code))
    head = struct.pack("@HP", len(code) // 8, ctypes.addressof(instructions))
    number = _ARCHES[platform.machine()][2]
    if _libc.syscall(number, 1, 1, ctypes.create_string_buffer(head, len(head))):
        error = ctypes.get_errno()
        raise OSError(error, f"seccomp: {os.strerror(error)}")
