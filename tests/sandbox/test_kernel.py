"""What the kernel says of a process is read right, and a process that is gone is nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gradus.sandbox import kernel

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc")


@contextmanager
def waiting(source: str) -> Iterator[int]:
    """Run some Python that then waits; give its number."""
    words = [sys.executable, "-I", "-c", f"{source}\nprint(flush=True)\ninput()"]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdout.readline()
        yield process.pid
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


@pytest.fixture
def gone() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-I", "-c", ""])
    process.wait()
    return process.pid


def test_memory_is_what_is_held_and_its_peak_what_was(gone: int) -> None:
    with waiting("x = bytearray(64 << 20)\ndel x") as pid:
        held, peak = kernel.memory_kb(pid)
    assert 2_000 < held < 50_000
    assert held + 60_000 < peak < held + 80_000
    assert kernel.memory_kb(gone) == (0, 0)


def test_a_share_of_memory_is_divided_by_those_who_share(gone: int) -> None:
    with waiting("import os\nx = b'x' * (64 << 20)\nos.fork()") as pid:
        (other,) = kernel.children(pid)
        shares = kernel.share_kb(pid), kernel.share_kb(other)
        assert kernel.memory_kb(other)[0] > 60_000
    assert all(30_000 < each < 50_000 for each in shares)
    assert kernel.share_kb(gone) == 0


def test_where_no_share_is_told_all_that_is_held_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    read = kernel._said
    monkeypatch.setattr(kernel, "_said", lambda file: b"" if "rollup" in file else read(file))
    with waiting("x = b'x' * (64 << 20)\ny = bytearray(32 << 20)\ndel y") as pid:
        held, peak = kernel.memory_kb(pid)
        assert peak > held + 30_000
        assert kernel.share_kb(pid) == held


@pytest.mark.parametrize(
    "name",
    ["any kB", "\\xff\\xfe", "a\\nVmRSS:\\t1 kB", "a\\rVmRSS:\\t1 kB", ") 1 2", "VmRSS: 1 kB"],
)
def test_no_name_that_a_process_gives_itself_is_taken_for_an_answer(name: str) -> None:
    source = (
        "import ctypes, time\n"
        f"ctypes.CDLL(None).prctl(15, b'{name}', 0, 0, 0)\n"
        "while time.process_time() < 0.2:\n    pass"
    )
    with waiting(source) as pid:
        held, peak = kernel.memory_kb(pid)
        assert 2_000 < held <= peak
        assert 0.15 < kernel.cpu_seconds(pid) < 2


def test_processor_time_is_of_a_process_and_of_its_children_that_ended(gone: int) -> None:
    spend = "while time.process_time() < 0.4:\n    pass"
    source = (
        "import os, subprocess, sys, time\n"
        f"subprocess.run([sys.executable, '-c', {'import time' + chr(10) + spend!r}])\n"
        f"{spend}\n"
        "for _ in range(300_000):\n    os.stat('/')"
    )
    with waiting(source) as pid:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        told = [int(each) / os.sysconf("SC_CLK_TCK") for each in fields[11:15]]
        assert all(told), "user and system time of both"
        assert kernel.cpu_seconds(pid) == pytest.approx(sum(told))
    assert kernel.cpu_seconds(gone) == 0


def test_ticks_are_read_from_their_places_whatever_the_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places = b" ".join(str(10**place).encode() for place in range(20))
    monkeypatch.setattr(kernel, "_said", lambda _: b"7 (a) b) S " + places)
    ticks = 10**10 + 10**11 + 10**12 + 10**13
    assert kernel.cpu_seconds(7) == ticks / os.sysconf("SC_CLK_TCK")


def test_bytes_without_a_name_are_those_of_files_that_were_deleted(tmp_path: Path) -> None:
    source = (
        "import os, socket\n"
        f"kept, none, also = (open({str(tmp_path)!r} + '/' + n, 'wb') for n in 'abc')\n"
        "for each in (kept, none, also):\n"
        "    each.write(b'x' * (1 << 20))\n    each.flush()\n"
        "for each in (none, also):\n    os.unlink(each.name)\n"
        "ends = socket.socketpair(), os.pipe()"
    )
    with waiting(source) as pid:
        assert kernel.nameless_bytes(pid) == 2 * 2**20


def test_a_process_that_is_gone_has_nothing(gone: int) -> None:
    assert kernel.nameless_bytes(gone) == 0
    assert kernel.children(gone) == []
    assert kernel.family(gone) == [gone]


def test_a_family_is_all_that_was_started_by_whichever_thread() -> None:
    source = (
        "import subprocess, sys, threading\n"
        'inner = \'import subprocess, sys; subprocess.run([sys.executable, "-c", "input()"])\'\n'
        "started = []\n"
        "def start():\n    started.append(subprocess.Popen([sys.executable, '-c', inner]))\n"
        "    started[0].wait()\n"
        "threading.Thread(target=start, daemon=True).start()\n"
        "import time\nwhile not started:\n    time.sleep(0.01)"
    )
    with waiting(source) as pid:
        deadline = time.monotonic() + 10
        while len(kernel.family(pid)) < 3 and time.monotonic() < deadline:
            time.sleep(0.02)
        (child,) = kernel.children(pid)
        (grandchild,) = kernel.children(child)
        assert kernel.family(pid) == [pid, child, grandchild]
        os.kill(child, signal.SIGKILL)  # first, since it ends by itself once its own child has
        os.kill(grandchild, signal.SIGKILL)


def test_a_family_has_every_branch(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = {1: [2, 3], 2: [4, 5], 3: [6]}
    monkeypatch.setattr(kernel, "children", lambda pid: tree.get(pid, []))
    assert sorted(kernel.family(1)) == [1, 2, 3, 4, 5, 6]


def test_a_family_without_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "children", lambda pid: [pid + 1])
    assert kernel.family(1) == list(range(1, 10_001))


def test_the_process_behind_a_pidfd_is_known_while_it_lives() -> None:
    with waiting("") as pid:
        pidfd = os.pidfd_open(pid)
        try:
            assert kernel.pid_of(pidfd) == pid
            os.kill(pid, signal.SIGKILL)
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
            os.waitpid(pid, 0)
            assert kernel.pid_of(pidfd) == -1
        finally:
            os.close(pidfd)
    assert kernel.pid_of(pidfd) == -1
