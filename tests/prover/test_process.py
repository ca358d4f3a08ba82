"""A started service leaves nothing behind, and what it takes is read from the system."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from gradus.core.errors import UsageError
from gradus.prover.keeper import descendants
from gradus.prover.process import Process, free_port, port_is_taken

linux = pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")

FAMILY = """
import os, subprocess, sys, time
if os.fork() == 0:
    os.setsid()                       # a daemon of the old kind
    if os.fork() == 0:
        signal_me = open("daemon", "w"); signal_me.write(str(os.getpid())); signal_me.close()
        import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(60)
    os._exit(0)
os.wait()
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open("whole", "w").close()            # who started the daemon has ended, and is no part of it
time.sleep(60)
"""
LISTENS = """
import socket, sys, time
held = socket.socket()
held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
held.bind(("127.0.0.1", int(sys.argv[1])))
held.listen()
print("listening", flush=True)
time.sleep(60)
"""


def started(tmp_path, source, *words):
    (tmp_path / "service.py").write_text(textwrap.dedent(source))
    command = [sys.executable, "service.py", *map(str, words)]
    return Process.start(command, tmp_path, os.environ, tmp_path / "log.txt")


def until(holds, seconds=60.0):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never held"
        time.sleep(0.02)


def alive(pid):
    try:
        os.kill(pid, 0)
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


@linux
def test_stopping_ends_children_and_daemons_too(tmp_path):
    with started(tmp_path, FAMILY) as service:
        until((tmp_path / "whole").exists)
        until((tmp_path / "daemon").exists)
        pids = service.pids()
        assert len(pids) == 3
        until(lambda: (tmp_path / "daemon").read_text() in map(str, pids))
    assert not any(alive(pid) for pid in pids)


def test_stopping_asks_before_it_kills(tmp_path):
    with started(tmp_path, "import time; print('up', flush=True); time.sleep(60)") as service:
        until(lambda: service.said() == "up")
    assert service.exit_code == 128 + signal.SIGTERM


@linux
def test_killing_gradus_ends_the_service(tmp_path):
    (tmp_path / "family.py").write_text(FAMILY)
    program = (
        "import os, sys, time\nfrom pathlib import Path\n"
        "from gradus.prover.process import Process\n"
        f"here = Path({str(tmp_path)!r})\n"
        "made = Process.start([sys.executable, 'family.py'], here, os.environ, here / 'log.txt')\n"
        "while not (here / 'whole').exists(): time.sleep(0.02)\n"
        "print(*made.pids(), made._keeper.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as gradus:
        assert gradus.stdout is not None
        pids = [int(each) for each in gradus.stdout.readline().split()]
        try:
            assert len(pids) == 4
            assert all(alive(pid) for pid in pids)
        finally:
            gradus.send_signal(signal.SIGKILL)
    until(lambda: not any(alive(pid) for pid in pids))


@linux
def test_a_process_that_ends_while_its_folder_is_read_started_nothing(monkeypatch):
    def gone(path):
        raise FileNotFoundError(path)

    monkeypatch.setattr(os, "listdir", gone)
    monkeypatch.setattr(os, "scandir", gone)
    assert descendants(os.getpid()) == []


@linux
def test_the_port_belongs_to_who_listens_on_it(tmp_path):
    port = free_port()
    with started(tmp_path, LISTENS, port) as service:
        until(lambda: port_is_taken(port))
        assert service.owns(port)
        assert service.ports() == [port]
        assert not service.owns(free_port())
        with started(tmp_path, "import time; time.sleep(60)") as other:
            until(other.pids)
            assert not other.owns(port)
    assert not port_is_taken(port)


@linux
def test_what_it_takes_is_read_whatever_it_calls_itself(tmp_path):
    named = """
    import ctypes, time
    ctypes.CDLL(None).prctl(15, "Vorhersage für alle".encode()[:13], 0, 0, 0)
    while time.process_time() < 0.3: pass
    open("done", "w").close()
    time.sleep(60)
    """
    with started(tmp_path, named) as service:
        until((tmp_path / "done").exists, 30)
        assert 0.2 < service.usage().cpu_seconds < 2.0


@linux
def test_what_it_takes_counts_children_that_have_ended(tmp_path):
    burns = """
    import os, time
    def burn():
        end = time.process_time() + 0.3
        while time.process_time() < end: pass
    held = bytearray(64 * 2**20)
    if os.fork() == 0:
        burn(); os._exit(0)
    os.wait(); burn()
    open("done", "w").close()
    time.sleep(60)
    """
    with started(tmp_path, burns) as service:
        until((tmp_path / "done").exists, 30)
        usage = service.usage()
    assert 0.5 < usage.cpu_seconds < 2.0
    assert 64 < usage.memory_mb < 200
    assert usage.n_processes == 1


def test_a_crash_is_sudden_and_told(tmp_path):
    with started(tmp_path, "import time; time.sleep(60)") as service:
        if sys.platform == "linux":
            until(service.pids)
        service.kill()
        assert not service.running
        assert service.exit_code == 128 + signal.SIGKILL


@pytest.mark.parametrize(
    ("source", "code", "words"),
    [("raise SystemExit(3)", 3, ""), ("print('no model'); raise SystemExit(1)", 1, "no model")],
)
def test_an_end_of_its_own_keeps_its_code_and_words(tmp_path, source, code, words):
    with started(tmp_path, source) as service:
        until(lambda: not service.running)
        assert service.exit_code == code
        assert service.said() == words


def test_a_command_that_does_not_exist_is_told(tmp_path):
    with Process.start(["no-such-program"], tmp_path, os.environ, tmp_path / "log") as service:
        until(lambda: not service.running)
        assert service.exit_code == 127
        assert service.said() == "gradus: no-such-program: No such file or directory"


def test_of_all_that_it_printed_only_the_end_is_read(tmp_path):
    log = tmp_path / "log"
    log.touch()
    os.truncate(log, 2**40)
    with Process.start(["echo", "up"], tmp_path, os.environ, log) as service:
        until(lambda: not service.running)
        assert service.said().endswith("\0up")


def test_a_folder_that_does_not_exist_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="is no folder"):
        Process.start(["true"], tmp_path / "gone", os.environ, tmp_path / "log")


def test_a_project_cannot_shadow_what_keeps_it(tmp_path):
    (tmp_path / "signal.py").write_text("raise RuntimeError('taken for ours')")
    command = [sys.executable, "-P", "-c", "print('ran')"]
    with Process.start(command, tmp_path, os.environ, tmp_path / "log") as service:
        until(lambda: not service.running)
        assert (service.exit_code, service.said()) == (0, "ran")
