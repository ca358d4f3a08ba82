"""Every kind of bad input has its own sentence, golden, and the right verdict."""

import contextlib
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gradus.core.verdict import Judgement, Verdict
from gradus.judge import render
from gradus.sandbox.kernel import family

GOLDEN = Path(__file__).parent / "golden"

HEAD = "import numpy as np\n\n\ndef softmax(x):\n"
RIGHT = (
    "    e = np.exp(x - x.max(axis=-1, keepdims=True))\n"
    "    return e / e.sum(axis=-1, keepdims=True)\n"
)

BAD: dict[str, tuple[str | bytes, Verdict]] = {
    "syntax_error": ("def softmax(x)\n    return x\n", Verdict.FAILED),
    "tabs_and_spaces": ("def softmax(x):\n    y = 1\n\treturn x\n", Verdict.FAILED),
    "import_of_something_not_installed": ("import tensorflow\n" + HEAD + RIGHT, Verdict.FAILED),
    "missing_function": ("def soft_max(x):\n    return x\n", Verdict.FAILED),
    "empty_file": ("", Verdict.FAILED),
    "binary_file": (b"\x7fELF\x00\x01\x02\x00" * 8, Verdict.FAILED),
    "another_encoding": (("# größe\n" + HEAD + RIGHT).encode("latin-1"), Verdict.FAILED),
    "wrong_arity": ("def softmax():\n    return 1\n", Verdict.FAILED),
    "wrong_shape": (HEAD + "    return np.ones(3)\n", Verdict.FAILED),
    "wrong_kind": (HEAD + "    return 'about a third each'\n", Verdict.FAILED),
    "wrong_dtype": (
        HEAD + RIGHT.replace("return ", "return 0 < "),
        Verdict.FAILED,
    ),
    "prints_and_fails": (
        HEAD + "    print('in softmax')\n    return x\n",
        Verdict.FAILED,
    ),
    "leaves_threads_behind_and_fails": (
        "import threading, time\n"
        + HEAD
        + "    threading.Thread(target=time.sleep, args=(30,)).start()\n    return x\n",
        Verdict.FAILED,
    ),
    "returns_nothing": (HEAD + RIGHT.replace("return ", ""), Verdict.FAILED),
    "object_array": (HEAD + "    return np.array([None, x], dtype=object)\n", Verdict.FAILED),
    "exception": (
        HEAD + "    return helper(x)\n\n\ndef helper(x):\n    return x[99]\n",
        Verdict.FAILED,
    ),
    "endless_loop": (HEAD + "    while True:\n        pass\n", Verdict.STOPPED),
    "endless_sleep": ("import time\n" + HEAD + "    time.sleep(3600)\n", Verdict.STOPPED),
    "endless_recursion": (HEAD + "    return softmax(x)\n", Verdict.FAILED),
    "endless_output": (HEAD + "    while True:\n        print('more')\n", Verdict.STOPPED),
    "memory_without_end": (
        "import time\n" + HEAD + "    kept = []\n    while True:\n"
        "        kept.append(np.ones(5 * 10**7))\n        time.sleep(60)\n",
        Verdict.STOPPED,
    ),
    "fork_bomb": (
        "import os\n" + HEAD + "    while True:\n        os.fork()\n",
        Verdict.FAILED,
    ),
    "sys_exit": ("import sys\n" + HEAD + "    sys.exit(0)\n", Verdict.FAILED),
    "os_exit": ("import os\n" + HEAD + "    os._exit(0)\n", Verdict.FAILED),
    "exits_while_loading": ("import os\nos._exit(0)\n", Verdict.FAILED),
    "signals_its_parent": (
        "import os, signal\n" + HEAD + "    os.kill(os.getppid(), signal.SIGKILL)\n" + RIGHT,
        Verdict.FAILED,
    ),
    "kills_itself": (
        "import os, signal\n" + HEAD + "    os.kill(os.getpid(), signal.SIGKILL)\n",
        Verdict.FAILED,
    ),
    "writes_outside_its_folder": (
        HEAD + "    open('/tmp/gradus-was-here', 'w').close()\n" + RIGHT,
        Verdict.FAILED,
    ),
    "a_result_that_cannot_be_sent": (HEAD + "    return lambda: x\n", Verdict.FAILED),
    "a_result_too_large_to_send": (
        HEAD + "    return np.broadcast_to(np.float64(0), (10**5, 10**5))\n",
        Verdict.FAILED,
    ),
    "garbage_on_the_pipe": (
        "import os\n" + HEAD + "    for fd in range(3, 256):\n        try:\n"
        "            os.write(fd, b'PASSED' * 100)\n        except OSError:\n"
        "            pass\n    return x\n",
        Verdict.FAILED,
    ),
    "raises_what_has_no_text": (
        "class Odd(Exception):\n    def __str__(self):\n        raise ValueError\n\n\n"
        + HEAD
        + "    raise Odd\n",
        Verdict.FAILED,
    ),
}

PATIENT = {"seconds": 30.0, "wall_seconds": 60.0}
"""Limits that nothing here hits by itself, also where a machine takes seconds for every page."""
NEAR = {
    "endless_loop": {"seconds": 1.0},
    "endless_sleep": {"wall_seconds": 4.0},
}
"""The limit that is meant where time is; no other one may be hit before it."""

GOOD = {
    "prints": HEAD + "    print('looking at', x.shape)\n" + RIGHT,
    "leaves_threads_behind": "import threading, time\n"
    + HEAD
    + "    threading.Thread(target=time.sleep, args=(30,), daemon=True).start()\n"
    + RIGHT,
    "closes_stdout": "import sys\n" + HEAD + "    sys.stdout.close()\n" + RIGHT,
}


def settled(text: str) -> str:
    """Leave out what differs between interpreters and machines: depths and places."""
    text = re.sub(r"… \d+ more …", "… more …", text)
    return re.sub(r"/[^\s']*/gradus-[^/\s']*", "…", text)


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_input_gets_its_own_sentence(
    name: str, judged: Callable[..., Judgement], update_golden: bool
) -> None:
    text, verdict = BAD[name]
    judgement = judged(text, **PATIENT | NEAR.get(name, {}))
    said = settled(render(judgement))
    golden = GOLDEN / f"{name}.txt"
    if update_golden:
        golden.write_text(said, encoding="utf-8")
    assert judgement.verdict is verdict, said
    assert said == golden.read_text(encoding="utf-8")
    assert judged(HEAD + RIGHT, **PATIENT).verdict is Verdict.PASSED, (
        "the next submission is unharmed"
    )


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_right_answer_with_odd_manners_passes(
    name: str, judged: Callable[..., Judgement], update_golden: bool
) -> None:
    judgement = judged(GOOD[name], **PATIENT)
    said = settled(render(judgement))
    golden = GOLDEN / f"{name}.txt"
    if update_golden:
        golden.write_text(said, encoding="utf-8")
    assert judgement.verdict is Verdict.PASSED, said
    assert said == golden.read_text(encoding="utf-8")


def test_nothing_was_written_outside() -> None:
    assert not Path("/tmp/gradus-was-here").exists()


def living() -> list[int]:
    """Return the processes that this one and its own have started; one that has ended is none."""
    found = []
    for pid in family(os.getpid()):
        with contextlib.suppress(OSError):
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            found += [pid] if state != "Z" else []
    return found


def living_for_long() -> list[int]:
    """Return the processes once none comes or goes; a warm parent forks a child ahead."""
    end = time.monotonic() + 60
    before, now = [0], living()
    while before != now:
        assert time.monotonic() < end, (before, now)
        time.sleep(1.0)
        before, now = now, living()
    return now


@pytest.mark.skipif(sys.platform != "linux", reason="the processes are found through /proc")
def test_no_process_of_a_learner_stays(judged: Callable[..., Judgement]) -> None:
    assert judged(HEAD + RIGHT).verdict is Verdict.PASSED
    before = living_for_long()
    judged(
        "import os, threading, time\n"
        + HEAD
        + "    threading.Thread(target=time.sleep, args=(300,)).start()\n"
        + "    if os.fork() == 0:\n        time.sleep(300)\n"
        + RIGHT
    )
    end = time.monotonic() + 60
    while len(now := living()) > len(before):
        assert time.monotonic() < end, (before, now)
        time.sleep(0.05)
