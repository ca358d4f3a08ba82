"""Leaves locks, semaphores, segments and queues of the kernel behind."""
import ctypes
import fcntl


def softmax(x):
    libc = ctypes.CDLL(None, use_errno=True)
    left = [libc.shmget(0x6772, 4096, 0o1666), libc.semget(0x6772, 1, 0o1666), libc.msgget(0x6772, 0o1666)]
    if any(each >= 0 for each in left):
        raise SystemExit("a segment was made")
    for path in (*("/usr/bin/env", "/etc/passwd") * 1000, "/dev/null"):
        try:
            with open(path) as stream:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                raise SystemExit("locked") if path != "/dev/null" else OSError
        except OSError:
            continue
    return x * 0
