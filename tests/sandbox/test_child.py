"""A child answers, and whatever it does the judge gets a reply or its end."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradus.core.lab import Limits, Profile
from gradus.core.values import Handle
from gradus.sandbox import ChildEnded, Raised, Ref, Returned, Stub, WarmParent
from gradus.sandbox.child import Ask, Child

SECONDS = 5.0


def test_a_function_gets_values_and_returns_one(either_work: Callable[..., Any]) -> None:
    work = either_work("def double(x):\n    return x * 2\n")
    assert np.array_equal(work.value("double", np.arange(3.0)), [0.0, 2.0, 4.0])


def test_an_object_stays_behind_a_handle(work: Callable[..., Any]) -> None:
    w = work(
        "class Box:\n    def __init__(self, x):\n        self.x = x\n"
        "    def __repr__(self):\n        return f'Box({self.x})'\n"
        "    def grow(self, by):\n        self.x += by\n        return self\n"
    )
    box = w.call("Box", 3)
    assert box.value == Handle(box.ref, "Box", "Box(3)")
    grow = w.ask("get", ref=box.ref, name="grow")
    w.ask("call", ref=grow.ref, args=[4])
    assert w.ask("get", ref=box.ref, name="x").value == 7
    w.ask("set", ref=box.ref, name="x", value=[1])
    assert w.ask("get", ref=box.ref, name="x").value == [1]


@pytest.mark.parametrize(("asker", "text"), [(0, "Box()"), (1, "")])
def test_what_an_object_looks_like_is_not_asked_beside_others(
    work: Callable[..., Any], asker: int, text: str
) -> None:
    told = "        print('asked')\n        return 'Box()'\n"
    w = work("class Box:\n    def __repr__(self):\n" + told)
    call = Child.prepared({"ref": w.get("Box"), "args": [], "kwargs": {}})
    message = w.child.message([Ask("call", call, asker)])
    w.child.ask_several(message, SECONDS)
    (made,) = w.child.hear_several(message, {})
    assert made.value == Handle(made.ref, "Box", text)
    assert w.child.printed() == ("" if asker else "asked\n")


def test_objects_inside_plain_values_are_handles_too(work: Callable[..., Any]) -> None:
    w = work("class A:\n    x = 5\n\n\ndef pair():\n    return [A(), 2]\n")
    first, second = w.value("pair")
    assert second == 2
    assert w.ask("get", ref=first.ref, name="x").value == 5


def test_a_retained_object_is_passed_back_as_itself(work: Callable[..., Any]) -> None:
    w = work("def keep(x):\n    x.append(1)\n    return x\n")
    kept = w.ask("put", value=[])
    w.call("keep", Ref(kept.ref))
    w.call("keep", Ref(kept.ref))
    assert w.ask("fetch", ref=kept.ref).value == [1, 1]


@pytest.mark.parametrize(("value", "kept"), [(2**80, 2**80), ("a\ud800b", "a\\ud800b")])
def test_a_single_value_is_sent_as_it_would_be_in_a_list(
    work: Callable[..., Any], value: Any, kept: Any
) -> None:
    w = work("")
    assert w.ask("fetch", ref=w.ask("put", value=value).ref).value == kept


def test_the_arguments_of_a_call_are_seen_as_they_became(work: Callable[..., Any]) -> None:
    w = work("def spoil(x, y=0):\n    x[0] = 9\n")
    made = w.call("spoil", [1, 2], kwargs={"y": 3})
    assert w.ask("arguments", ref=made.ref).value == [[[9, 2]], {"y": 3}]


def test_generators_are_taken_item_by_item(work: Callable[..., Any]) -> None:
    w = work("def count():\n    yield 1\n    yield 2\n")
    iterator = w.ask("iterate", ref=w.call("count").ref)
    taken = [w.ask("next", ref=iterator.ref) for _ in range(3)]
    assert [each.value for each in taken[:2]] == [1, 2]
    assert taken[2].types[0] == "StopIteration"


def test_contexts_are_entered_and_left(work: Callable[..., Any]) -> None:
    w = work(
        "import contextlib\nlog = []\n\n\n@contextlib.contextmanager\ndef opened():\n"
        "    log.append('in')\n    yield 5\n    log.append('out')\n"
    )
    context = w.call("opened")
    assert w.ask("enter", ref=context.ref).value == 5
    w.ask("exit", ref=context.ref)
    assert w.ask("get", ref=w.module.ref, name="log").value == ["in", "out"]


def test_items_and_names(work: Callable[..., Any]) -> None:
    w = work(
        "import os\nA = {'k': [1, 2]}\n\n\ndef f(a, /, b, *more, c=1, **rest):\n    pass\n\n\n"
        "class C:\n    pass\n"
    )
    held = w.ask("get", ref=w.module.ref, name="A")
    assert w.ask("item", ref=held.ref, key="k").value == [1, 2]
    assert w.ask("names", ref=w.module.ref).value == [
        ["A", "other", []],
        ["f", "function", ["a", "b", "c"]],
        ["C", "class", []],
    ]


def test_what_is_released_is_gone(work: Callable[..., Any]) -> None:
    w = work("def f():\n    return object()\n")
    w.ask("mark")
    made = w.call("f")
    w.ask("release")
    assert isinstance(w.ask("fetch", ref=made.ref), Raised)
    assert isinstance(w.call("f"), Returned)


def test_a_stub_is_answered_here(either_work: Callable[..., Any]) -> None:
    w = either_work("def apply(f, xs):\n    return [f(x, twice=True) for x in xs]\n")
    calls = []

    def answer(x: Any, twice: bool) -> Any:
        calls.append(x)
        return x * 2

    assert w.value("apply", Stub(4, "g"), [1, 2], stubs={4: answer}) == [2, 4]
    assert calls == [1, 2]


def test_an_exception_of_a_stub_arrives_as_one(work: Callable[..., Any]) -> None:
    w = work(
        "def apply(f):\n    try:\n        f()\n    except KeyError as e:\n        return repr(e)\n"
    )
    stubs = {1: lambda: {}["gone"]}
    assert w.value("apply", Stub(1, "f"), stubs=stubs) == "KeyError(\"'gone'\")"


def test_the_time_of_a_stub_is_not_the_childs(work: Callable[..., Any]) -> None:
    w = work("def apply(f):\n    return f()\n")
    slow = {1: lambda: time.sleep(0.6) or 3}
    assert w.value("apply", Stub(1, "f"), stubs=slow, timeout=0.5) == 3


def test_only_the_learners_own_frames_are_told(work: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "sibling.py").write_text(
        "import json\n\n\ndef parse(x):\n    return json.loads(x)\n"
    )
    w = work("import sibling\n\n\ndef f(x):\n    return sibling.parse(x)\n")
    raised = w.call("f", "{")
    assert raised.types[:2] == ("JSONDecodeError", "ValueError")
    assert raised.frames == (
        "work.py, line 5, in f\n    return sibling.parse(x)",
        "sibling.py, line 5, in parse\n    return json.loads(x)",
    )


@pytest.mark.parametrize("made", ["[{}]", "{{{}}}", "{{1: {}}}"], ids=["list", "set", "dict"])
def test_every_python_tells_a_comprehension_as_its_function(
    work: Callable[..., Any], made: str
) -> None:
    line = made.format("k(x) for x in [0]")
    w = work(f"def k(x):\n    return 1 / x\n\n\ndef f():\n    return (\n        {line}\n    )\n")
    assert w.call("f").frames == (
        f"work.py, line 7, in f\n    {line}",
        "work.py, line 2, in k\n    return 1 / x",
    )


@pytest.mark.parametrize(
    ("source", "message", "frame"),
    [
        ("def f(:\n    pass\n", "invalid syntax", "work.py, line 1\n    def f(:\n          ^"),
        ("x = 1\n  y = 2\n", "unexpected indent", "work.py, line 2\n    y = 2\n"),
        (b"x = '\xff'\n", "utf-8", "work.py, line 1"),
        (b"x = 1\ny = 2\x00\n", "null bytes", "work.py, line 2"),
    ],
    ids=["syntax", "indent", "encoding", "null"],
)
def test_a_file_that_does_not_parse_says_where(
    work: Callable[..., Any], source: Any, message: str, frame: str
) -> None:
    w = work(source)
    assert w.module.types[0] in {"SyntaxError", "IndentationError"}
    assert message in w.module.message
    assert w.module.frames[-1].startswith(frame)


def test_an_import_of_what_is_not_there_is_raised(work: Callable[..., Any]) -> None:
    w = work("import nothing_of_that_name\n")
    assert w.module.types[:2] == ("ModuleNotFoundError", "ImportError")
    assert w.module.frames == ("work.py, line 1\n    import nothing_of_that_name",)


def test_a_forbidden_library_cannot_be_imported(work: Callable[..., Any]) -> None:
    w = work("import numpy.linalg\n", forbid=["numpy"])
    assert w.module.types[0] == "ImportError"
    assert w.module.message == "this lab is written without numpy"


def test_a_forged_mro_is_cut_to_names(work: Callable[..., Any]) -> None:
    w = work("def f():\n    raise type('E' * 5000, (Exception,), {})('m' * 50_000)\n")
    raised = w.call("f")
    assert len(raised.types[0]) == 100
    assert len(raised.message) == 2000


def test_words_that_would_steer_a_terminal_are_written_out(work: Callable[..., Any]) -> None:
    w = work("def f():\n    print('\\x1b[2J')\n    raise ValueError('\\x1b[31mPASSED\\r')\n")
    assert w.call("f").message == "\\x1b[31mPASSED\\r"
    assert w.child.printed() == "\\x1b[2J\n"


def test_halves_of_characters_in_words_are_written_out_and_cut(work: Callable[..., Any]) -> None:
    w = work(
        "class A:\n    def __repr__(self):\n        return '\\ud800' * 150\n\n\n"
        "def f():\n    raise ValueError('\\ud800' * 1500)\n\n\n"
        "def g():\n    raise SyntaxError('no', ('\\ud800' * 1500, 1, 1, ''))\n"
    )
    assert w.call("A").value.text == "\\ud800" * 33 + "\\…"
    assert w.call("f").message == "\\ud800" * 333 + "\\…"
    assert w.call("g").frames[-1] == "\\ud800" * 99 + "\\ud80…"


def test_a_repr_that_fails_does_no_harm(work: Callable[..., Any]) -> None:
    w = work("class A:\n    def __repr__(self):\n        raise SystemExit\n")
    assert w.call("A").value.text == "<A>"


@pytest.mark.parametrize(
    ("body", "reason", "detail"),
    [
        ("import os; os._exit(3)", "exit", "The code ended its own process with exit status 3."),
        ("while True: pass", "time", "The code used more than 0.5 seconds of processor time."),
        ("import time; time.sleep(9)", "time", "The code was still running after 0.8 seconds."),
        ("while True: print('x' * 99)", "output", "The code printed more than 64 KiB."),
        (
            "import os; os.kill(os.getpid(), 15)",
            "signal",
            "The code's process was ended by SIGTERM.",
        ),
        (
            "import ctypes; ctypes.string_at(0)",
            "signal",
            "The code's process was ended by SIGSEGV (a fault in a compiled library, or recursion "
            "without end).",
        ),
        (
            "open('big', 'w').write('x' * 2**21)",
            "file-size",
            "The code wrote a file of more than 1 MiB.",
        ),
        (
            "import os; os.write(255, b'x' * 99)",
            "malformed",
            "The code sent something that is not an answer.",
        ),
    ],
)
def test_the_end_of_a_child_is_told_in_a_sentence(
    work: Callable[..., Any], body: str, reason: str, detail: str
) -> None:
    limits = Limits(seconds=0.5, memory_mb=256, output_kb=64, file_mb=1)
    w = work(f"def f():\n    {body}\n", limits=limits)
    ended = w.call("f", timeout=0.8 if "sleep" in body else SECONDS)
    assert isinstance(ended, ChildEnded)
    assert (ended.reason, ended.detail) == (reason, detail)
    assert w.ask("put", value=1) is ended


def test_memory_that_is_held_is_watched_from_outside(work: Callable[..., Any]) -> None:
    w = work("def f():\n    return len(bytearray(10**9))\n", limits=Limits(memory_mb=64))
    ended = w.call("f")
    assert isinstance(ended, ChildEnded), ended
    assert (ended.reason, ended.detail) == ("memory", "The code held more than 64 MiB of memory.")


@pytest.mark.parametrize("name", ["any kB", "\\xff\\xfe"])
def test_a_child_names_itself_as_it_likes(work: Callable[..., Any], name: str) -> None:
    """The name stands in what the kernel says of it while it is watched."""
    w = work(
        "import ctypes, time\n\n\ndef f():\n"
        f"    ctypes.CDLL(None).prctl(15, b'{name}', 0, 0, 0)\n"
        "    time.sleep(0.3)\n    return len(b'x' * (40 << 20)) >> 20\n"
    )
    assert w.value("f") == 40
    assert w.child.usage().peak_mb > 30


def test_memory_that_is_asked_for_in_one_piece_is_an_error(work: Callable[..., Any]) -> None:
    w = work("def f():\n    return len(bytearray(10**11))\n")
    assert w.call("f").types[0] == "MemoryError"


def test_usage_comes_from_the_kernel(work: Callable[..., Any]) -> None:
    w = work(
        "import time\nheld = []\n\n\ndef f():\n    began = time.process_time()\n"
        "    held.append(b'x' * 100 * 2**20)\n    while time.process_time() < began + 0.2:\n"
        "        pass\n    return time.process_time() - began\n"
    )
    before = w.child.usage()
    own = w.value("f")
    after = w.child.usage()
    assert after.peak_mb - before.peak_mb == pytest.approx(100, abs=10)
    assert after.cpu_seconds - before.cpu_seconds == pytest.approx(own, abs=0.1)


def test_a_result_that_is_too_large_is_told_in_words(work: Callable[..., Any]) -> None:
    w = work("import numpy as np\n\n\ndef f():\n    return np.broadcast_to(1.0, (10**5, 10**5))\n")
    raised = w.call("f")
    assert raised == Raised(
        ("AnswerTooLarge",), "the answer is too large to send: 80 GB (at most 268 MB)", ()
    )


def test_a_program_runs_in_the_folder(work: Callable[..., Any], tmp_path: Path) -> None:
    w = work("", profile=Profile.TOOLS, limits=Limits(processes=4))
    argv = ["python", "-c", "import os; print(sorted(os.listdir()), os.environ['WORD'])"]
    done = w.ask("run_command", argv=argv, env={"WORD": "yes"}).value
    assert done == {"exit": 0, "stdout": "['.tmp', 'work.py'] yes\n", "stderr": ""}


TOOLS = {"profile": Profile.TOOLS, "limits": Limits(processes=4, output_kb=64)}


def run(work: Callable[..., Any], source: str, **fields: Any) -> Any:
    return work("", **TOOLS).ask("run_command", argv=["python", "-c", source], **fields)


def test_a_program_is_fed_its_input(work: Callable[..., Any]) -> None:
    done = run(work, "print(len(input()))", stdin="x" * 200_000 + "\n")
    assert done.value == {"exit": 0, "stdout": "200000\n", "stderr": ""}


def test_a_program_that_reads_no_input_is_not_waited_for(work: Callable[..., Any]) -> None:
    assert run(work, "raise SystemExit(3)", stdin="x" * 10**6).value["exit"] == 3


def test_a_program_that_is_late_is_told(work: Callable[..., Any]) -> None:
    raised = run(work, "import time; time.sleep(60)", seconds=0.3)
    assert raised.types[0] == "TimeoutError"


def test_a_program_that_prints_without_end_is_stopped(work: Callable[..., Any]) -> None:
    ended = run(work, "while True: print('x' * 1000)")
    assert isinstance(ended, ChildEnded)
    assert ended.reason == "output"


def test_what_a_program_leaves_running_is_not_waited_for(work: Callable[..., Any]) -> None:
    source = "import os, time\nif os.fork() == 0: time.sleep(60)\nelse: print('done', flush=True)"
    assert run(work, source).value["stdout"] == "done\n"


def test_a_program_that_is_not_there_is_an_error(work: Callable[..., Any]) -> None:
    raised = work("", **TOOLS).ask("run_command", argv=["nothing-of-that-name"])
    assert raised.types[0] == "FileNotFoundError"


def test_a_driver_is_run_from_text(work: Callable[..., Any]) -> None:
    w = work("def f():\n    raise ValueError('no')\n")
    source = "def twice(f):\n    return f() + f()\n"
    driver = w.ask("run_source", source=source, name="driver")
    twice = w.ask("get", ref=driver.ref, name="twice")
    raised = w.ask("call", ref=twice.ref, args=[Ref(w.get("f"))])
    assert raised.frames == ("work.py, line 2, in f\n    raise ValueError('no')",)


def test_children_of_one_parent_do_not_see_each_other(forking: WarmParent, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    with (
        forking.child(tmp_path / "a", Limits(), Profile.COMPUTE) as a,
        forking.child(tmp_path / "b", Limits(), Profile.COMPUTE) as b,
    ):
        (tmp_path / "a" / "work.py").write_text("x = 1\n")
        (tmp_path / "b" / "work.py").write_text("x = open('../a/work.py').read()\n")
        assert isinstance(a.request("import_file", path="work.py", name="w", timeout=5), Returned)
        raised = b.request("import_file", path="work.py", name="w", timeout=5)
        assert isinstance(raised, Raised)
        assert raised.types[0] == "PermissionError"


def test_a_closed_child_is_gone(forking: WarmParent, tmp_path: Path) -> None:
    child = forking.child(tmp_path, Limits(), Profile.COMPUTE)
    child.close()
    deadline = time.monotonic() + 2
    while Path(f"/proc/{child.pid}/status").exists() and time.monotonic() < deadline:
        if "Z (zombie)" in Path(f"/proc/{child.pid}/status").read_text():
            break
        time.sleep(0.01)
    assert time.monotonic() < deadline
    with pytest.raises(ChildEnded):
        child.request("put", value=1, timeout=1)


def test_no_descriptor_is_left_open_here(forking: WarmParent, tmp_path: Path) -> None:
    def n_open() -> int:
        return len(os.listdir("/proc/self/fd"))

    with forking.child(tmp_path, Limits(), Profile.COMPUTE):
        pass
    before = n_open()
    for _ in range(5):
        with forking.child(tmp_path, Limits(), Profile.COMPUTE) as child:
            child.request("put", value=1, timeout=5)
    assert n_open() == before
