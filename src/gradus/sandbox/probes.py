"""The probes of `self_check`: what a hostile or unlucky file does, and what must come of it.

In a source, `$SECRET` is a file outside the learner's folder, `$PLACE` the folder around it and
`$JUDGE` the number of the process that judges.
"""

from dataclasses import dataclass

from ..core.lab import Profile


@dataclass(frozen=True, slots=True)
class Probe:
    """One file, and the outcomes that are right for it."""

    name: str
    """A sentence that is true of a sandbox that keeps its contract."""
    source: str
    """A module with a function `probe()`."""
    right: frozenset[str]
    """What may come of it."""
    profile: Profile = Profile.COMPUTE
    """The profile that it runs under."""
    layer: str = "protocol"
    """The layer of isolation that it shows."""


_PROTOCOL, _PROCESS, _LIMITS = "protocol", "process", "limits"
_FILES, _CALLS, _SPACES = "files", "system calls", "namespaces"


def _probe(
    layer: str, name: str, body: str, *right: str, profile: Profile = Profile.COMPUTE
) -> Probe:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    source = (
        f"import ctypes, os, socket, subprocess, sys, threading, time\n\n\ndef probe():\n{lines}"
    )
    return Probe(name, source, frozenset(right), profile, layer)


_REFUSED = ("raised PermissionError",)
_GONE = ("raised PermissionError", "raised FileNotFoundError", "raised ProcessLookupError")

PROBES: tuple[Probe, ...] = (
    _probe(_PROTOCOL, "A value comes back.", "return 6 * 7", "returned 42"),
    _probe(_LIMITS, "An endless loop is stopped.", "while True:\n    pass", "ended time"),
    _probe(_LIMITS, "An endless sleep is stopped.", "time.sleep(1000)", "ended time"),
    _probe(
        _LIMITS, "Endless output is stopped.", "while True:\n    print('x' * 1000)", "ended output"
    ),
    _probe(
        _LIMITS,
        "Endless output behind Python's back is stopped.",
        "while True:\n    os.write(2, b'x' * 1000)",
        "ended output",
    ),
    _probe(
        _LIMITS,
        "Endless recursion is an error of the code's own.",
        "def again():\n    return again()\nreturn again()",
        "raised RecursionError",
    ),
    _probe(
        _LIMITS,
        "Recursion without any bound crashes only the child.",
        "sys.setrecursionlimit(10**9)\ndef again(x):\n    return max([x], key=again)\nagain(1)",
        "ended signal",
        "ended memory",
        "ended time",
        "raised RecursionError",
        "raised MemoryError",
    ),
    _probe(_PROCESS, "An exit is an exception.", "sys.exit('bye')", "raised SystemExit"),
    _probe(_PROCESS, "A hard exit ends the child.", "os._exit(3)", "ended exit"),
    _probe(_PROCESS, "A hard exit with 0 is no answer.", "os._exit(0)", "ended exit"),
    _probe(
        _PROCESS, "A fault in compiled code ends the child.", "ctypes.string_at(0)", "ended signal"
    ),
    _probe(
        _LIMITS,
        "Memory without end is stopped.",
        "return len(b'x' * (3 * 2**30))",
        "raised MemoryError",
        "ended memory",
    ),
    _probe(
        _LIMITS,
        "Shared memory without end is stopped.",
        "import mmap\nblock = mmap.mmap(-1, 3 * 2**30)\nblock[:] = b'x' * len(block)",
        "raised MemoryError",
        "raised OSError",
        "ended memory",
    ),
    _probe(
        _LIMITS,
        "Memory in an unnamed file is refused.",
        "fd = os.memfd_create('x')\nwhile True:\n    os.write(fd, b'x' * 2**20)",
        "raised PermissionError",
        "ended file-size",
    ),
    _probe(
        _LIMITS,
        "A file that is too large is stopped.",
        "with open('big', 'wb') as stream:\n    stream.write(b'x' * 2**22)",
        "ended file-size",
    ),
    _probe(
        _LIMITS,
        "Files without end are stopped.",
        "for number in range(4000):\n"
        "    with open(str(number), 'wb') as stream:\n        stream.write(b'x' * 2**19)",
        "ended file-size",
    ),
    _probe(
        _LIMITS,
        "Folders within folders without end are stopped.",
        "while True:\n    os.mkdir('d')\n    os.chdir('d')",
        "ended file-size",
        "ended time",
    ),
    _probe(
        _FILES,
        "Its own folder can be written and read.",
        "open('mine.txt', 'w').write('x')\nreturn open('mine.txt').read()",
        "returned 'x'",
    ),
    _probe(_FILES, "A file outside cannot be read.", "return open('$SECRET').read()", *_REFUSED),
    _probe(
        _FILES,
        "A file outside cannot be overwritten.",
        "open('$SECRET', 'w').write('x')",
        *_REFUSED,
    ),
    _probe(_FILES, "A file outside cannot be cut.", "os.truncate('$SECRET', 0)", *_REFUSED),
    _probe(_FILES, "A file outside cannot be deleted.", "os.unlink('$SECRET')", *_REFUSED),
    _probe(
        _FILES,
        "A file outside cannot be moved in.",
        "os.rename('$SECRET', 'mine')",
        *_REFUSED,
        "raised OSError",
    ),
    _probe(
        _FILES,
        "A file outside cannot be linked in.",
        "os.link('$SECRET', 'mine')",
        *_REFUSED,
        "raised OSError",
    ),
    _probe(
        _FILES,
        "A file outside is not reached by a symbolic link.",
        "os.symlink('$SECRET', 'mine')\nreturn open('mine').read()",
        *_REFUSED,
    ),
    _probe(_FILES, "A file outside keeps its mode.", "os.chmod('$SECRET', 0o777)", "returned None"),
    _probe(_FILES, "No file is made outside.", "open('$PLACE/new', 'w')", *_REFUSED),
    _probe(_FILES, "The folder around is not listed.", "return os.listdir('$PLACE')", *_REFUSED),
    _probe(
        _FILES, "The system's users are not read.", "return open('/etc/passwd').read()", *_REFUSED
    ),
    _probe(
        _CALLS,
        "The judge's memory is not read.",
        "return open('/proc/$JUDGE/mem', 'rb').read(1)",
        *_GONE,
    ),
    _probe(
        _CALLS,
        "The judge's environment is not read.",
        "return open('/proc/$JUDGE/environ', 'rb').read()",
        *_GONE,
    ),
    _probe(_CALLS, "The judge cannot be signalled.", "os.kill($JUDGE, 0)", *_GONE),
    _probe(_CALLS, "Its parent cannot be signalled.", "os.kill(os.getppid(), 0)", *_GONE),
    _probe(_CALLS, "It cannot signal everything at once.", "os.kill(-1, 0)", *_GONE),
    _probe(
        _CALLS,
        "A signal to itself ends it.",
        "os.kill(os.getpid(), 15)\ntime.sleep(9)",
        "ended signal",
    ),
    _probe(
        _CALLS,
        "Another process cannot be traced.",
        "call = ctypes.CDLL(None, use_errno=True).ptrace\n"
        "outcome = call(0x4206, os.getppid(), 0, 0)\nreturn (outcome, ctypes.get_errno())",
        "returned (-1, 1)",
    ),
    _probe(_CALLS, "No process is forked.", "os.fork()\nreturn 1", *_REFUSED),
    _probe(
        _CALLS, "No program is started.", "subprocess.run([sys.executable, '-c', ''])", *_REFUSED
    ),
    _probe(
        _CALLS, "It becomes no other program.", "os.execv(sys.executable, ['python'])", *_REFUSED
    ),
    _probe(
        _CALLS,
        "No connection is opened.",
        "socket.create_connection(('127.0.0.1', 9), 1)",
        *_REFUSED,
    ),
    _probe(
        _CALLS, "No message is sent.", "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)", *_REFUSED
    ),
    _probe(_CALLS, "No local connection is opened.", "socket.socket(socket.AF_UNIX)", *_REFUSED),
    _probe(
        _CALLS,
        "No namespace is made.",
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "return (libc.unshare(0x10000000), ctypes.get_errno())",
        "returned (-1, 1)",
    ),
    _probe(
        _CALLS,
        "No ring of system calls is made.",
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "return (libc.syscall(425, 1, 0), ctypes.get_errno())",
        "returned (-1, 1)",
    ),
    _probe(
        _PROCESS,
        "Nothing of the judge's is open.",
        "found = []\nfor fd in range(1024):\n    try:\n        os.fstat(fd)\n"
        "        found.append(fd)\n    except OSError:\n        pass\nreturn found",
        "returned [0, 1, 2, 254, 255]",
    ),
    _probe(
        _PROCESS,
        "Nothing of the judge's environment is inherited.",
        "return len(os.environ) < 40 and 'SUDO_USER' not in os.environ",
        "returned True",
    ),
    _probe(
        _PROCESS, "There is nothing to read from the keyboard.", "return input()", "raised EOFError"
    ),
    _probe(
        _PROTOCOL,
        "A forged line is no answer.",
        'os.write(255, b\'{"verdict": "PASSED"}\' * 100)\nreturn 1',
        "ended malformed",
    ),
    _probe(
        _PROTOCOL,
        "A closed line is no answer.",
        "os.close(255)\ntime.sleep(9)",
        "ended malformed",
        "ended time",
    ),
    _probe(
        _PROTOCOL,
        "Closing everything ends the child.",
        "os.closerange(0, 1024)\nreturn 1",
        "ended malformed",
        "ended exit",
        "ended signal",
    ),
    _probe(
        _PROCESS,
        "A thread left behind does no harm.",
        "threading.Thread(target=time.sleep, args=(60,)).start()\nreturn 1",
        "returned 1",
    ),
    _probe(
        _LIMITS,
        "Threads without end are stopped.",
        "while True:\n    threading.Thread(target=time.sleep, args=(60,)).start()",
        "raised RuntimeError",
        "raised MemoryError",
        "ended memory",
        "ended time",
    ),
    _probe(
        _CALLS,
        "A service talks to itself.",
        "left, right = socket.socketpair()\nleft.send(b'x')\nreturn right.recv(1)",
        "returned b'x'",
        profile=Profile.SERVICE,
    ),
    _probe(
        _CALLS,
        "A service opens no connection.",
        "socket.socket()",
        *_REFUSED,
        profile=Profile.SERVICE,
    ),
    _probe(_CALLS, "A service starts no program.", "os.fork()", *_REFUSED, profile=Profile.SERVICE),
    _probe(
        _LIMITS,
        "Files that were deleted and are still open count.",
        "kept = []\nfor number in range(200):\n    kept.append(open('gone', 'wb'))\n"
        "    os.unlink('gone')\n    kept[-1].write(b'x' * 2**19)\n    kept[-1].flush()\n"
        "time.sleep(9)",
        "ended file-size",
    ),
    _probe(
        _LIMITS,
        "Files below a path that is too long count.",
        "for _ in range(20):\n    os.mkdir('d' * 250)\n    os.chdir('d' * 250)\ntime.sleep(9)",
        "ended file-size",
    ),
    _probe(
        _CALLS,
        "Its parent is not slowed down.",
        "own = os.getpriority(os.PRIO_PROCESS, os.getppid())\n"
        "os.setpriority(os.PRIO_PROCESS, os.getppid(), own)",
        *_GONE,
    ),
    _probe(
        _CALLS,
        "No user is slowed down.",
        "os.setpriority(os.PRIO_USER, 2_000_000_000, 19)",
        *_REFUSED,
    ),
    _probe(
        _CALLS,
        "Its parent keeps its processors.",
        "os.sched_setaffinity(os.getppid(), os.sched_getaffinity(os.getppid()))",
        *_GONE,
    ),
    _probe(
        _CALLS,
        "It does not outlive its parent.",
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "return (libc.prctl(1, 0, 0, 0, 0), ctypes.get_errno())",
        "returned (-1, 1)",
    ),
    _probe(
        _CALLS,
        "It cannot hide from those who watch it.",
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "return (libc.prctl(4, 0, 0, 0, 0), ctypes.get_errno())",
        "returned (-1, 1)",
    ),
    _probe(
        _SPACES,
        "A tool starts a program of its environment.",
        "words = [sys.executable, '-c', 'print(6 * 7)']\n"
        "return subprocess.run(words, capture_output=True, text=True).stdout",
        "returned '42\\n'",
        profile=Profile.TOOLS,
    ),
    _probe(
        _SPACES,
        "A tool starts no other program.",
        "return subprocess.run(['/bin/sh', '-c', 'echo x'])",
        *_REFUSED,
        profile=Profile.TOOLS,
    ),
    _probe(
        _SPACES,
        "A tool starts no program that it wrote.",
        "open('run', 'w').write('#!' + sys.executable)\nos.chmod('run', 0o755)\n"
        "return subprocess.run(['./run'])",
        *_REFUSED,
        profile=Profile.TOOLS,
    ),
    _probe(
        _SPACES,
        "What a tool started sees no file outside.",
        "words = [sys.executable, '-c', 'open(\"$SECRET\")']\n"
        "return subprocess.run(words).returncode",
        "returned 1",
        profile=Profile.TOOLS,
    ),
    _probe(
        _SPACES,
        "A tool changes no mode outside.",
        "os.chmod('$SECRET', 0o777)",
        "returned None",
        "raised OSError",
        profile=Profile.TOOLS,
    ),
    _probe(
        _SPACES,
        "A tool cannot signal what is not its own.",
        "os.kill($JUDGE, 0)",
        *_GONE,
        profile=Profile.TOOLS,
    ),
    _probe(
        _SPACES,
        "A fork bomb is stopped.",
        "for _ in range(300):\n    if os.fork() == 0:\n        time.sleep(5)\n        os._exit(0)\n"
        "time.sleep(5)",
        "raised BlockingIOError",
        "ended processes",
        "ended memory",
        "ended time",
        profile=Profile.TOOLS,
    ),
    _probe(
        _SPACES,
        "A daemon left behind does not outlive the child.",
        "if os.fork() == 0:\n    os.setsid()\n    time.sleep(5)\n    os._exit(0)\nreturn 1",
        "returned 1",
        profile=Profile.TOOLS,
    ),
)
