"""The far side, with a child that answers what it is told: what crosses when, and whose doing."""

from collections import deque
from collections.abc import Callable, Iterator
from types import MethodType
from typing import Any

import pyarrow as pa
import pytest
from greenlet import getcurrent

from gradus.check import Answer, stub
from gradus.check.far import Awaited, Outcome, Raised
from gradus.core.errors import SandboxError
from gradus.core.values import Handle, Table
from gradus.judge.far_child import ChildFar, first_line, must_have_started, must_ref
from gradus.judge.started import Started
from gradus.judge.trouble import DoesNotLoad, MustBeAlone, Ours, ProcessEnded, Stopped
from gradus.sandbox import ChildEnded, Ref, Returned, Usage
from gradus.sandbox import Raised as ChildRaised
from gradus.sandbox import Stub as ChildStub
from gradus.sandbox.child import Child, Message, Prepared
from gradus.sandbox.inside import frames, values

SENT = {
    "r": lambda source, node, depth: Ref(node[1]),
    "u": lambda source, node, depth: ChildStub(node[1], node[2]),
    "A": lambda source, node, depth: node[1],
}
"""How the other side reads what does not cross by itself; of a table its kind."""


CLOSED = "Code in a lab may not start processes, signal others, open sockets or leave its folder."


class Paper(Child):
    """A child that writes down what it is sent, and what it is told to answer it answers."""

    def __init__(self, answers: list[Any]) -> None:
        self.answers = deque(answers)
        self.sequence = 0
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.heard: list[str] = []
        self.timeouts: list[float] = []
        self.stubs: Any = None
        self.fails: Exception | None = None
        self.askers: list[list[int]] = []

    def ask(self, op: str, prepared: Prepared, timeout: float) -> None:
        if self.fails is not None:
            raise self.fails
        self.asked.append((op, self.read(prepared)))
        self.timeouts.append(timeout)

    def read(self, prepared: Prepared) -> dict[str, Any]:
        return dict(values.decode(prepared.node, values.Source(prepared.buffers, SENT)))

    def hear(self, stubs: Any) -> Any:
        self.stubs = dict(stubs)
        self.heard.append(self.asked[len(self.heard)][0])
        answer = self.answers.popleft() if self.answers else Returned(9, None)
        if isinstance(answer, Exception):
            raise answer
        return answer() if callable(answer) else answer

    def ask_several(self, message: Message, timeout: float) -> None:
        if self.fails is not None:
            raise self.fails
        self.asked.append(("several", {"n": message.n_asks}))
        raw = b"".join(message.pieces)
        head = frames.PRELUDE.size
        header_bytes, n_buffers = frames.parse_prelude(raw[:head])
        header = frames.parse_header(raw[head + 8 * n_buffers :][:header_bytes])
        self.askers.append([asker for _, _, asker, *_ in header["asks"]])
        self.timeouts.append(timeout)

    def hear_several(self, message: Message, stubs: Any) -> Any:
        self.stubs = dict(stubs)
        answer = self.answers.popleft()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def usage(self) -> Usage:
        return Usage(1.5, 20.0)

    def __del__(self) -> None:
        """Nothing was begun, so nothing is ended."""


def far_of(*answers: Any, patience: float = 4.0, **fields: Any) -> tuple[ChildFar, Paper]:
    """Return a far side and its child, which gives the answers one after another."""
    paper = Paper([*answers])
    return ChildFar(paper, patience, **fields), paper


def returned(value: Any = None, ref: int = 9) -> Returned:
    return Returned(ref, value)


def raised(*types: str, message: str = "no", frames: tuple[str, ...] = ()) -> ChildRaised:
    return ChildRaised(types or ("ValueError", "Exception"), message, frames)


def answer_on(far: ChildFar, ref: int | None, value: Any = None) -> Answer:
    return Answer("it", Outcome(ref, value), far)


# ── what is asked ──

ASKED: dict[str, tuple[Callable[[ChildFar], Any], dict[str, Any]]] = {
    "get": (lambda far: far.get(3, "x"), {"ref": 3, "name": "x"}),
    "set": (lambda far: far.set(3, "x", [1]), {"ref": 3, "name": "x", "value": [1]}),
    "item": (lambda far: far.item(3, (0, "k")), {"ref": 3, "key": (0, "k")}),
    "call": (
        lambda far: far.call(3, (1, "a"), {"b": None}),
        {"ref": 3, "args": [1, "a"], "kwargs": {"b": None}},
    ),
    "iterate": (lambda far: far.iterate(3), {"ref": 3}),
    "next": (lambda far: far.next(3), {"ref": 3}),
    "enter": (lambda far: far.enter(3), {"ref": 3}),
    "exit": (lambda far: far.exit(3), {"ref": 3}),
    "put": (lambda far: far.put([1, 2]), {"value": [1, 2]}),
    "fetch": (lambda far: far.fetch(3), {"ref": 3}),
}
OF_THE_TRACE = {"get", "item", "call", "next", "fetch"}


@pytest.mark.parametrize("op", ASKED)
def test_each_operation_crosses_with_its_fields(op: str) -> None:
    ask, fields = ASKED[op]
    far, paper = far_of(returned("given", ref=5))
    got = ask(far)
    assert (got.ref, got.value, got.raised) == (5, "given", None)
    assert paper.asked == [(op, fields)]
    assert paper.heard == [op]


@pytest.mark.parametrize("op", ASKED)
def test_what_answers_is_kept_as_a_trace_where_one_is_wanted(op: str) -> None:
    far, _ = far_of(returned("given"), raised("KeyError", "LookupError"))
    far.trace = []
    for _ in range(2):
        ASKED[op][0](far)
    given = [(op, "given", None), (op, None, ("KeyError",))]
    assert far.trace == (given if op in OF_THE_TRACE else [])


def test_what_the_code_raised_comes_back() -> None:
    far, _ = far_of(raised("KeyError", "LookupError", message="'a'", frames=("f", "g")))
    got = far.call(3, (), {})
    assert got == Outcome(raised=Raised(("KeyError", "LookupError"), "'a'", ("f", "g")))


def test_what_the_sandbox_refuses_is_explained() -> None:
    refused = raised("PermissionError", "OSError", message="not here")
    other = raised("FileNotFoundError", "PermissionError", message="not there")
    far, _ = far_of(refused, other)
    told = [far.call(3, (), {}).raised for _ in range(2)]
    assert [each and each.message for each in told] == [f"not here\n{CLOSED}", "not there"]


@pytest.mark.parametrize(
    ("frames", "kept"),
    [
        ((), ()),
        (("a", "b", "c"), ("a", "b", "c")),
        (("a", "a", "a"), ("a",)),
        (("a", "b", "a", "… 9 more …", "b", "a", "c"), ("a", "b", "… 9 more …", "c")),
    ],
)
def test_frames_that_repeat_are_told_once(frames: tuple[str, ...], kept: tuple[str, ...]) -> None:
    far, _ = far_of(raised("RecursionError", frames=frames))
    said = far.call(3, (), {}).raised
    assert said is not None
    assert said.frames == kept


def test_an_object_without_a_number_is_ours() -> None:
    assert must_ref(Outcome(0)) == 0
    with pytest.raises(Ours, match=r"^the child gave no object where one was due$"):
        must_ref(Outcome(value=1))


@pytest.mark.parametrize(
    ("types", "message", "line"),
    [
        (("ValueError",), "raised by hand", "ValueError: raised by hand"),
        (("ValueError",), "two\nlines", "ValueError: two"),
        (("ValueError",), "", "ValueError"),
        (("Unreadable",), "nested too deep", "nested too deep"),
        (("Unreadable",), "", "an exception without a name."),
        (("Unreadable",), "\nlate", "an exception without a name."),
    ],
)
def test_one_line_says_what_was_raised(types: tuple[str, ...], message: str, line: str) -> None:
    assert first_line(Raised(types, message)) == line


def test_a_service_that_raises_meanwhile_has_not_started() -> None:
    must_have_started(None)
    with pytest.raises(DoesNotLoad) as caught:
        must_have_started(Raised(("ValueError",), "no model", ("app.py, line 3",)))
    assert caught.value.reason == "The service did not start: ValueError: no model"
    assert caught.value.frames == ("app.py, line 3",)


# ── when it crosses ──


@pytest.mark.parametrize("op", ["get", "item", "begin", "put"])
def test_what_nobody_looks_at_is_waited_for_before_what_comes_next(op: str) -> None:
    ask = ASKED[op][0] if op != "begin" else lambda far: far.begin(3, (1,), {"a": 2})
    far, paper = far_of(returned("first", ref=1), returned("second", ref=2))
    begun = ask(far)
    assert isinstance(begun, Awaited)
    assert (len(paper.asked), paper.heard) == (1, [])
    after = far.fetch(7)
    assert len(paper.heard) == 2
    assert (begun.value, after.value) == ("first", "second")
    assert len(paper.heard) == 2, "each is heard once"


def test_a_call_that_is_begun_crosses_as_any_call() -> None:
    far, paper = far_of()
    far.begin(3, (1, "a"), {"b": None})
    assert paper.asked == [("call", ASKED["call"][1])]


def test_what_was_looked_at_is_not_waited_for_again() -> None:
    far, paper = far_of()
    assert far.get(3, "x").ref == 9
    far.finish()
    assert paper.heard == ["get"]
    far.get(3, "y")
    far.finish()
    far.finish()
    assert paper.heard == ["get", "get"]


def test_the_next_call_is_named_after_the_last_one_ended() -> None:
    far, _ = far_of(ChildEnded("exit", "Gone."))
    assert far.doing == ""
    far.doing = "f(1)"
    far.begin(3, (), {})
    with pytest.raises(ProcessEnded, match=r"^Gone\.$"):
        far.doing = "f(2)"
    assert far.doing == "f(1)", "it was the first that ended the process"


def test_with_a_trace_what_is_asked_is_waited_for_at_once() -> None:
    far, paper = far_of()
    far.trace = []
    for begin in (lambda: far.get(3, "x"), lambda: far.item(3, 0), lambda: far.begin(3, (), {})):
        begin()
        assert len(paper.heard) == len(paper.asked) == len(far.trace)
    assert [op for op, *_ in far.trace] == ["get", "item", "call"]


def test_an_end_that_was_told_does_not_come_again_with_what_is_counted_after_it() -> None:
    far, _ = far_of(ChildEnded("exit", "Gone."))
    begun = far.get(3, "x")
    with pytest.raises(ProcessEnded):
        begun.heard()
    assert far.usage() == (1.5, 20.0)


def test_while_functions_of_the_check_are_there_everything_is_waited_for() -> None:
    far, paper = far_of()
    far.begin(3, (stub(abs, "given"),), {})
    assert paper.heard == ["call"]
    far.get(9, "x")
    assert paper.heard == ["call", "get"]
    far.release()
    far.get(9, "x")
    assert paper.heard == ["call", "get"]


def test_the_clock_bounds_all_operations(clock: Any) -> None:
    far, paper = far_of(patience=4.0)
    assert far.until == 4.0
    far.fetch(3)
    clock.seconds = 3.5
    far.fetch(3)
    assert paper.timeouts == [4.0, 0.5]
    clock.seconds = 4.0
    with pytest.raises(Stopped, match=r"^It was still running after 4 seconds\.$"):
        far.fetch(3)
    assert len(paper.asked) == 2
    far.give_time()
    far.fetch(3)
    assert (paper.timeouts[2], far.until) == (4.0, 8.0)


def test_an_attempt_that_began_earlier_ends_as_it_would(clock: Any) -> None:
    clock.seconds = 10.0
    far, paper = far_of(patience=4.0, until=11.0)
    far.fetch(3)
    assert paper.timeouts == [1.0]


# ── how a child ends ──


def asked_and_ended(ended: Exception) -> Iterator[Callable[[], Any]]:
    """Yield every way to meet a child that ends."""
    far, paper = far_of()
    paper.fails = ended
    yield lambda: far.fetch(3)
    asks = [each.by(1) for each in gathered(far, lambda: far.fetch(3)).asked]
    message = far.message(asks)
    yield lambda: far.send(message)
    far, paper = far_of(ended)
    yield lambda: far.fetch(3)
    far, paper = far_of(ended)
    message = far.message(asks)
    yield lambda: far.hear_several(message)
    far, paper = far_of(ended)
    yield lambda: far.go_on_alone(gathered(far, lambda: far.fetch(3)))


@pytest.mark.parametrize(
    ("error", "becomes"),
    [
        (ChildEnded("time", "It took 9."), Stopped("It took 9.")),
        (ChildEnded("memory", "It held 9."), Stopped("It held 9.")),
        (ChildEnded("output", "It said 9."), Stopped("It said 9.")),
        (ChildEnded("processes", "It had 9."), Stopped("It had 9.")),
        (ChildEnded("file-size", "It wrote 9."), Stopped("It wrote 9.")),
        (ChildEnded("exit", "It left."), ProcessEnded("It left.")),
        (ChildEnded("signal", "It was hit."), ProcessEnded("It was hit.")),
        (ChildEnded("malformed", "It lied."), ProcessEnded("It lied.")),
        (SandboxError("Not begun."), Ours("Not begun.")),
    ],
)
@pytest.mark.usefixtures("clock")
def test_it_is_said_whose_doing_an_end_was(error: Exception, becomes: Exception) -> None:
    for ask in asked_and_ended(error):
        with pytest.raises(type(becomes)) as caught:
            ask()
        assert str(caught.value) == str(becomes)
        assert caught.value.__cause__ is (error if isinstance(error, SandboxError) else None)


@pytest.mark.parametrize("reason", ["time", "memory"])
def test_the_clock_of_the_attempt_is_told_where_it_ran_out(clock: Any, reason: Any) -> None:
    def runs() -> None:
        clock.seconds = 2.5
        raise ChildEnded(reason, "It had its share.")

    far, _ = far_of(runs, patience=2.5)
    said = "It was still running after 2.5 seconds." if reason == "time" else "It had its share."
    with pytest.raises(Stopped) as caught:
        far.fetch(3)
    assert str(caught.value) == said


# ── several at once ──


def gathered(far: ChildFar, *acts: Callable[[], Any]) -> Started:
    """Let an example do something, of which nothing is sent."""

    def test() -> None:
        for act in acts:
            act()

    started = Started(test)
    far.gathers = True
    started.go_on()
    far.gathers = False
    return started


def test_what_an_example_asks_is_kept_until_somebody_sends_it() -> None:
    far, paper = far_of()
    far.doing = "f(1)"
    begun: list[Any] = []
    acts = (
        lambda: begun.append(far.get(3, "x")),
        lambda: far.begin(3, (), {}),
        lambda: far.fetch(3),
    )
    started = gathered(far, *acts, lambda: begun.append("no"))
    assert [each.op for each in started.asked] == ["get", "call", "fetch"]
    assert (started.ran.n_calls, started.ran.n_looks) == (1, 1)
    assert started.doing == "f(1)"
    assert isinstance(begun[0], Awaited)
    assert len(begun) == 1, "it waits for what it looks at"
    assert paper.asked == []


def test_an_example_goes_on_alone() -> None:
    far, paper = far_of([returned(5), returned(6)], returned(7))
    said: list[Any] = []

    def look() -> None:
        said.append(far.doing)
        first, second = far.get(3, "x"), far.get(3, "y")
        said.extend(each.value for each in (second, first))
        said.append(far.fetch(4).value)
        raise KeyError(far.doing)

    far.doing = "f(1)"
    started = gathered(far, look)
    far.doing = "another"
    with pytest.raises(KeyError, match="f\\(1\\)"):
        far.go_on_alone(started)
    assert said == ["f(1)", 6, 5, 7]
    assert paper.asked == [("several", {"n": 2}), ("fetch", {"ref": 4})]
    assert paper.askers == [[0, 0]], "nobody asks beside"
    assert started.dead


def test_an_example_that_goes_on_alone_is_told_where_the_child_ends() -> None:
    far, _ = far_of(ChildEnded("exit", "It left."))
    left: list[str] = []

    def look() -> None:
        try:
            far.fetch(3)
        except ProcessEnded as ended:
            left.append(str(ended))
            raise

    with pytest.raises(ProcessEnded):
        far.go_on_alone(gathered(far, look))
    assert left == ["It left."]


def test_an_example_that_waited_for_an_argument_asks_in_its_order() -> None:
    far, paper = far_of([returned(ref=5)], returned(6), returned(7))
    said: list[Any] = []

    def look() -> None:
        kept = Answer("kept", far.put([1]), far)
        call = far.begin(3, (kept,), {})
        said.append(far.fetch(5).value)
        said.append(call.value)

    far.go_on_alone(gathered(far, look))
    assert said == [7, 6]
    assert [op for op, _ in paper.asked] == ["several", "call", "fetch"]


def test_an_example_that_does_not_end_is_ours() -> None:
    far, _ = far_of([returned(5)])
    started = gathered(far, lambda: far.fetch(3), getcurrent().switch)
    with pytest.raises(Ours, match="stopped on its way"):
        far.go_on_alone(started)


def test_before_there_is_a_child_a_name_stands_for_a_function() -> None:
    far = ChildFar(None, 4.0)
    far.assume_functions(1, {"f": 2, "g": 3})
    assert far.get(1, "g") == Outcome(3, Handle(3, "function", ""))
    assert far.functions(1) == {"f": 2, "g": 3}
    assert far.functions(2) == {}
    assert gathered(far, lambda: far.get(1, "h").ref).asked[0].op == "get"


def test_with_a_child_it_is_looked_at_what_is_a_function(clock: Any) -> None:
    found = [[2, Handle(7, "function", "f")], [3, Handle(8, "type", "g")], [0, None], [4, 1]]
    paper = Paper([looked_up(*found), returned(), looked_up([0, None])])
    far = ChildFar(None, 4.0)
    far.assume_functions(1, {"f": 2, "g": 3, "h": 4, "n": 5})
    clock.seconds = 10.0
    far.meet(paper, None)
    assert far.functions(1) == {}
    assert far.look_up(1, ["f", "g", "h", "n"]) == ["h"]
    assert far.functions(1) == {"f": 2}
    far.keep(1)
    far.get(1, "other")
    assert far.functions(1) == {"f": 2}, "of others it is known that they are none"
    assert paper.timeouts[:1] == [4.0], "its time begins with the child"
    far.meet(paper, 12.5)
    assert far.until == 12.5


def test_what_the_kernel_says_is_told_of_one_alone() -> None:
    far, paper = far_of()
    far.get(3, "x")
    assert far.usage() == (1.5, 20.0)
    assert paper.heard == ["get"], "what runs still is counted"
    far.gathers = True
    with pytest.raises(MustBeAlone):
        far.usage()


def test_several_operations_are_laid_out_sent_and_heard(clock: Any) -> None:
    far, paper = far_of([returned("one", ref=1), raised("KeyError")])
    clock.seconds = 1.0
    given = stub(abs, "given")
    started = gathered(far, lambda: far.put(b"x" * 5000), lambda: far.put(given))
    asks = [each.by(number) for number, each in enumerate(started.asked, start=1)]
    assert [(each.op, each.asker) for each in asks] == [("put", 1), ("put", 2)]
    assert [paper.read(each.prepared) for each in asks] == [
        {"value": b"x" * 5000},
        {"value": ChildStub(1, "given")},
    ]
    message = far.message(asks)
    far.send(message)
    assert (paper.asked, paper.timeouts) == ([("several", {"n": 2})], [3.0])
    one, other = far.hear_several(message)
    assert one == Outcome(1, "one")
    assert other.raised is not None
    assert paper.stubs == {1: given}
    clock.seconds = 4.0
    with pytest.raises(Stopped):
        far.send(message)


def test_what_is_no_longer_needed_is_dropped_with_the_first_of_several() -> None:
    far, paper = far_of()
    far.release()
    asks = [each.by(1) for each in gathered(far, lambda: far.put(1), lambda: far.put(2)).asked]
    far.message(asks)
    far.message(asks[1:])
    dropped = [paper.read(each.prepared).get("release_first") for each in asks]
    assert dropped == [True, None]


def test_what_is_laid_out_does_not_change_with_what_it_was_made_of() -> None:
    far, paper = far_of()
    given = bytearray(b"a" * 5000)
    (asked,) = gathered(far, lambda: far.put(given)).asked
    given[:] = b"b" * 5000
    assert paper.read(asked.prepared)["value"] == b"a" * 5000


# ── what stays what it is ──


def looked_up(*found: Any) -> Returned:
    return returned([*found], ref=0)


def test_a_function_of_a_module_is_looked_up_once() -> None:
    far, paper = far_of(returned(), looked_up([5, Handle(5, "function", "f")]))
    assert far.keep(3) == 3
    assert [far.get(3, "f").ref for _ in range(3)] == [5, 5, 5]
    assert far.get(3, "f").value == Handle(5, "function", "f")
    assert paper.asked == [("mark", {}), ("look_up", {"ref": 3, "names": ["f"]})]


@pytest.mark.parametrize("found", [[0, None], [5, None], [5, 7]])
def test_what_is_no_function_is_read_each_time(found: list[Any]) -> None:
    far, paper = far_of(returned(), looked_up(found), returned(1), returned(2))
    far.keep(3)
    assert [far.get(3, "n").value for _ in range(2)] == [1, 2]
    assert [op for op, _ in paper.asked] == ["mark", "look_up", "get", "get"]


def test_of_what_is_not_kept_nothing_is_looked_up() -> None:
    far, paper = far_of()
    far.keep(3)
    far.get(4, "f")
    assert [op for op, _ in paper.asked] == ["mark", "get"]


def test_what_was_looked_up_is_traced_alike() -> None:
    far, _ = far_of(looked_up([5, Handle(5, "function", "f")]))
    far.look_up(3, ["f"])
    far.trace = []
    far.get(3, "f")
    assert far.trace == [("get", Handle(5, "function", "f"), None)]


def test_it_is_known_which_names_were_asked_for() -> None:
    far, _ = far_of()
    far.get(3, "f")
    far.get(9, "x")
    assert far.asked == {"f", "x"}


def test_names_that_are_missing_are_said_in_their_order() -> None:
    handle = Handle(5, "function", "f")
    far, paper = far_of(looked_up([0, None], [5, handle], [6, None], [0, None]))
    assert far.look_up(3, ("a", "b", "c", "d")) == ["a", "d"]
    assert paper.asked == [("look_up", {"ref": 3, "names": ["a", "b", "c", "d"]})]


@pytest.mark.parametrize(
    "found",
    [
        None,
        ([5, None], [6, None]),
        [[5, None]],
        [[5, None], [6, None], [7, None]],
        [[5, None], (6, None)],
        [[5, None], [6]],
        [[5, None], [6, None, None]],
        [[5, None], ["6", None]],
        [[5, None], [True, None]],
    ],
)
def test_an_answer_to_a_look_up_that_has_not_its_form_is_the_codes_doing(found: Any) -> None:
    far, _ = far_of(returned(found))
    with pytest.raises(ProcessEnded, match=r"^The code sent something that is not an answer\.$"):
        far.look_up(3, ["a", "b"])


@pytest.mark.parametrize(
    "ask",
    [
        lambda far: far.look_up(3, ["a"]),
        lambda far: far.arguments(3),
        lambda far: far.names(3),
    ],
)
def test_what_cannot_raise_and_does_was_broken_by_the_code(ask: Callable[[ChildFar], Any]) -> None:
    far, _ = far_of(raised("KeyError", message="3"))
    said = r"^Your code broke the process it ran in: raised KeyError: 3\.$"
    with pytest.raises(ProcessEnded, match=said):
        ask(far)


def test_arguments_come_as_they_are_now() -> None:
    far, paper = far_of(returned([[1, 2], {"a": 3}]))
    assert far.arguments(3) == ([1, 2], {"a": 3})
    assert paper.asked == [("arguments", {"ref": 3})]


def test_the_names_of_a_module_are_listed() -> None:
    far, paper = far_of(returned([["f", "function", ["x"]], ["n", "other", []]]))
    assert far.names(3) == [
        {"name": "f", "kind": "function", "parameters": ["x"]},
        {"name": "n", "kind": "other", "parameters": []},
    ]
    assert paper.asked == [("names", {"ref": 3})]


@pytest.mark.parametrize(
    ("ask", "answers"),
    [
        (ChildFar.arguments, [None, [[1]], [[1], {}, {}], [(1,), {}], [[1], []]]),
        (
            ChildFar.names,
            [
                *(None, "", [None], [["f", "function"]]),
                *([["f", 1, []]], [[1, "other", []]], [["f", "other", None]]),
            ],
        ),
    ],
    ids=["arguments", "names"],
)
def test_what_has_not_its_form_was_broken_by_the_code(ask: Any, answers: list[Any]) -> None:
    for answer in answers:
        far, _ = far_of(returned(answer))
        with pytest.raises(ProcessEnded) as caught:
            ask(far, 3)
        assert str(caught.value) == "Your code broke the program that answers for it."


def test_what_is_released_is_told_once_with_what_comes_next() -> None:
    far, paper = far_of()
    far.get(3, "x")
    far.release()
    assert paper.heard == ["get"], "it is waited for before its object goes"
    for _ in range(2):
        far.fetch(3)
    assert [fields for _, fields in paper.asked[1:]] == [
        {"ref": 3, "release_first": True},
        {"ref": 3},
    ]


# ── what is sent for what does not cross ──


class Adder:
    def __call__(self, x: int) -> int:
        return x + 1

    def add(self, x: int) -> int:
        return x + 1


def test_functions_of_the_check_are_known_by_number_and_name() -> None:
    far, paper = far_of()
    given, method = stub(lambda x: x, "given"), Adder().add
    nameless = MethodType(Adder(), 1)
    far.call(3, (given, method, given), {"c": len, "d": nameless})
    (_, fields) = paper.asked[0]
    first, second = ChildStub(1, "given"), ChildStub(2, "add")
    assert fields["args"] == [first, second, first]
    assert fields["kwargs"] == {"c": ChildStub(3, "len"), "d": ChildStub(4, "f")}
    assert paper.stubs == {1: given, 2: method, 3: len, 4: nameless}
    assert far.calls_back is True


def test_functions_are_numbered_anew_after_a_release() -> None:
    far, paper = far_of()
    given, other = stub(abs, "given"), stub(abs, "other")
    far.call(3, (given,), {})
    far.release()
    assert far.calls_back is False
    far.call(3, (other, given), {})
    assert paper.asked[1][1]["args"] == [ChildStub(1, "other"), ChildStub(2, "given")]
    assert paper.stubs == {1: other, 2: given}


def test_answers_are_sent_as_what_they_are_over_there() -> None:
    far, paper = far_of()
    elsewhere, _ = far_of()
    here = answer_on(far, 7, [1, 2])
    plain = Answer("it", Outcome(value=[1, 2]), far)
    other = answer_on(elsewhere, 7, [3])
    far.call(3, (here, [plain], other), {})
    assert paper.asked[0][1]["args"] == [Ref(7), [[1, 2]], [3]]


@pytest.mark.parametrize(
    ("tables_as", "kinds"),
    [(None, ["pandas", "series", "arrow"]), ("arrow", ["arrow", "arrow", "arrow"])],
)
def test_tables_are_sent_in_the_kind_that_is_wanted(tables_as: Any, kinds: list[str]) -> None:
    far, paper = far_of(tables_as=tables_as)
    arrow = pa.table({"a": [1, None]})
    far.call(3, tuple(Table(arrow, kind) for kind in ("pandas", "series", "arrow")), {})
    assert paper.asked[0][1]["args"] == kinds


@pytest.mark.parametrize("tables_as", [None, "arrow"])
def test_what_cannot_be_sent_is_a_mistake_of_the_check(tables_as: Any) -> None:
    far, _ = far_of(tables_as=tables_as)
    with pytest.raises(TypeError, match="a Adder cannot be sent"):
        far.call(3, (Adder(),), {})
