"""Examples that run side by side: what is found is what they would have shown one by one."""

import shutil
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from greenlet import getcurrent

from gradus.check.far import Awaited, Outcome, Unmet
from gradus.core.lab import Entry, EntryKind, Lab
from gradus.core.submission import Submission
from gradus.core.verdict import Finding, Judgement, Verdict
from gradus.judge import Pool, judge, together
from gradus.judge.far_child import ChildFar
from gradus.judge.running import Runner
from gradus.judge.started import Ran, Started
from gradus.judge.together import FITS, Together
from gradus.judge.trouble import ProcessEnded
from gradus.sandbox.child import Ask, Prepared

HEAD = "import numpy as np\nfrom gradus.check import claim, draw, stub, usage\n\n"
DOUBLES = (
    HEAD
    + """
@claim("It doubles.", examples=30, x=draw.integers(0, 999))
def doubles(work, x):
    work.double(x).must_equal(2 * x)
"""
)
RIGHT = "def double(x):\n    return 2 * x\n"


@pytest.fixture
def judged_by(lab: Lab, pool: Pool, tmp_path: Path) -> Callable[..., Judgement]:
    """Judge a module `work.py` by a `check.py`; on a busy machine no clock ends it."""
    content = tmp_path / "content"
    shutil.copytree(lab.folder.parent.parent, content)
    folder = content / "labs" / lab.id
    entry = Entry(EntryKind.MODULE, "work.py", ("double",))
    here = replace(lab, folder=folder, entry=entry)

    def judge_text(check: str, text: str, seconds: float = 4.0) -> Judgement:
        (folder / "check.py").write_text(check, encoding="utf-8")
        submission = Submission({"work.py": text.encode()})
        limits = replace(lab.limits, seconds=seconds, wall_seconds=100.0)
        known = replace(here, limits=limits)
        return judge(known, submission, seed=5, pool=pool, name_mistakes=False, shrink=False)

    return judge_text


@pytest.fixture
def groups(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Return what came of all that ran side by side."""
    seen: list[bool] = []
    run = Together.hold

    def noted(self: Together, examples: list[Started]) -> list[Ran]:
        seen.append(False)
        ran = run(self, examples)
        seen[-1] = all(each.held for each in ran)
        return ran

    monkeypatch.setattr(Together, "hold", noted)
    return seen


def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Runner, "may_join", lambda self, claim: False)


def test_right_work_passes_and_crosses_in_few_messages(
    judged_by: Callable[..., Judgement], groups: list[bool]
) -> None:
    judgement = judged_by(DOUBLES, RIGHT)
    assert judgement.verdict is Verdict.PASSED
    assert [each.examples for each in judgement.claims] == [32]
    assert groups == [True]


@pytest.mark.parametrize(
    "text",
    [
        "def double(x):\n    return 2 * x if x % 7 != 3 else 0\n",
        "def double(x):\n    if x % 7 == 3:\n        raise ValueError(x)\n    return 2 * x\n",
        "def double(x):\n    return float(2 * x) + (x % 7 == 3)\n",
    ],
)
def test_a_fault_is_told_as_it_would_be_one_by_one(
    judged_by: Callable[..., Judgement],
    monkeypatch: pytest.MonkeyPatch,
    groups: list[bool],
    text: str,
) -> None:
    joined = judged_by(DOUBLES, text)
    assert groups == [False]
    one_by_one(monkeypatch)
    alone = judged_by(DOUBLES, text)
    assert groups == [False], "nothing ran side by side"
    assert joined.verdict is alone.verdict is Verdict.FAILED
    assert joined.claims == alone.claims
    assert joined.inputs == alone.inputs


def test_a_claim_that_raises_is_ours(judged_by: Callable[..., Judgement]) -> None:
    check = DOUBLES + "    {}[x] if x % 7 == 3 else None\n"
    judgement = judged_by(check, RIGHT)
    assert judgement.verdict is Verdict.UNJUDGED
    assert "claim doubles: KeyError" in judgement.reason


def test_each_example_has_its_own_last_call_that_raised(
    judged_by: Callable[..., Judgement], groups: list[bool]
) -> None:
    check = (
        HEAD
        + """
@claim("It refuses, and leaves alone what it refuses.", examples=30, x=draw.integers(0, 99))
def refuses(work, x):
    work.double([x, 0]).must_raise(ValueError).must_not_change_its_arguments()
    work.double([x, x]).must_raise(ValueError).must_not_change_its_arguments()
"""
    )
    careful = "def double(x):\n    raise ValueError(x)\n"
    assert judged_by(check, careful).verdict is Verdict.PASSED
    assert groups == [True]
    careless = (
        "def double(x):\n    if x[0] % 7 == 3 and x[0] == x[1]:\n        x.reverse()\n"
        "        x.append(0)\n    raise ValueError(x)\n"
    )
    judgement = judged_by(check, careless)
    (claim,) = judgement.claims
    assert claim.finding is not None
    assert groups == [True, False]


def test_an_answer_is_what_it_was_when_it_was_given(
    judged_by: Callable[..., Judgement], groups: list[bool]
) -> None:
    """One buffer for every answer is filled anew while earlier answers wait to cross."""
    check = (
        HEAD
        + """
@claim("It doubles.", examples=30, x=draw.arrays(shape=(4,)))
def doubles(work, x):
    work.double(x).must_be_close_to(2 * x)
"""
    )
    text = (
        "import numpy as np\nkept = np.zeros(4)\n\n"
        "def double(x):\n    kept[:] = 2 * x\n    return kept\n"
    )
    assert judged_by(check, text).verdict is Verdict.PASSED
    assert groups == [True]


def test_what_is_sent_is_what_it_was_when_the_call_was_made(
    judged_by: Callable[..., Judgement], groups: list[bool]
) -> None:
    """A claim goes on with its array while the call waits to cross."""
    check = (
        HEAD
        + """
@claim("It doubles.", examples=30, x=draw.arrays(shape=(4,)))
def doubles(work, x):
    expected = 2 * x
    answer = work.double(x)
    x += 1
    answer.must_be_close_to(expected)
"""
    )
    assert judged_by(check, RIGHT).verdict is Verdict.PASSED
    assert groups == [True]


@pytest.mark.parametrize("side_by_side", [True, False])
def test_what_is_kept_and_looked_up_is_waited_for_when_it_is_needed(
    judged_by: Callable[..., Judgement],
    monkeypatch: pytest.MonkeyPatch,
    groups: list[bool],
    side_by_side: bool,
) -> None:
    check = (
        "from gradus.check import put\n"
        + HEAD
        + """
@claim("It has both, in either order.", examples=30, x=draw.integers(0, 999))
def has(work, x):
    one, other = put(work, [x]), put(work, [x, x])
    made = work.Made(one, other)
    ends = [made.other, made.one]
    ends[1].must_equal([x])
    ends[0].must_equal([x, x])
    work.double(one).must_equal([x, x])
    made.fails.must_raise(AttributeError)
"""
    )
    text = RIGHT + (
        "\nclass Made:\n    def __init__(self, one, other):\n"
        "        self.one, self.other = one, other\n"
    )
    if not side_by_side:
        one_by_one(monkeypatch)
    assert judged_by(check, text).verdict is Verdict.PASSED
    assert groups == [True] * side_by_side


def test_work_that_remembers_between_the_calls_of_one_example_may_do_so(
    judged_by: Callable[..., Judgement], groups: list[bool]
) -> None:
    check = (
        HEAD
        + """
@claim("It answers what was set.", examples=30, x=draw.integers(0, 999))
def remembers(work, x):
    work.put(x).must_equal(None)
    work.double().must_equal(2 * x)
"""
    )
    text = (
        "kept = []\n\ndef put(x):\n    kept.append(x)\n\ndef double():\n    return 2 * kept[-1]\n"
    )
    assert judged_by(check, text).verdict is Verdict.PASSED
    assert groups == [False], "others came between, so it was decided one by one"


@pytest.mark.parametrize("n_items", [100, 4000, 40_000])
def test_messages_of_any_size_cross(
    judged_by: Callable[..., Judgement], groups: list[bool], n_items: int
) -> None:
    """What does not fit into a pipe is not sent before the other side reads."""
    check = (
        HEAD
        + f"""
@claim("It doubles twice.", examples=30, x=draw.integers(0, 999))
def doubles(work, x):
    much = np.full({n_items}, float(x))
    more = work.double(much).as_array()
    work.double(more).must_be_close_to(4 * much)
    work.double(much.tolist()[:{n_items // 10}] * 2).as_list({n_items // 10 * 4})
"""
    )
    judgement = judged_by(check, RIGHT)
    assert judgement.verdict is Verdict.PASSED, judgement
    assert groups == [True]


def test_functions_of_the_check_are_called_from_every_example(
    judged_by: Callable[..., Judgement], groups: list[bool]
) -> None:
    check = (
        HEAD
        + """
@claim("It doubles what it is given.", examples=30, x=draw.integers(0, 999))
def doubles(work, x):
    before = work.double(x).as_int()
    given = stub(lambda y: y + before, "given")
    work.through(given, x).must_equal(6 * x)
    assert given.calls == [(x,)], given.calls
"""
    )
    text = RIGHT + "def through(given, x):\n    return 2 * given(x)\n"
    assert judged_by(check, text).verdict is Verdict.PASSED
    assert groups == [True]


def test_what_ends_the_process_is_told_by_the_call_that_did(
    judged_by: Callable[..., Judgement], groups: list[bool]
) -> None:
    text = "import os\n\ndef double(x):\n    return os._exit(3) if x % 7 == 3 else 2 * x\n"
    judgement = judged_by(DOUBLES, text)
    (claim,) = judgement.claims
    assert claim.finding is not None
    assert int(claim.finding.call.removeprefix("double(").rstrip(")")) % 7 == 3
    assert "exit status 3" in claim.finding.returned
    assert groups == [False]


def test_what_ended_one_claim_is_not_held_against_the_next(
    judged_by: Callable[..., Judgement],
) -> None:
    check = DOUBLES + DOUBLES.removeprefix(HEAD).replace("doubles", "doubles_ten").replace(
        "draw.integers(0, 999)", "draw.just(10)"
    )
    text = "import os\n\ndef double(x):\n    return os._exit(3) if x % 7 == 4 else 2 * x\n"
    judgement = judged_by(check, text)
    assert [each.held for each in judgement.claims] == [False, True]


TOO_MANY_AT_ONCE = """
class Kept(int):
    alive = 0

    def __new__(cls, value):
        cls.alive += 1
        return super().__new__(cls, value)

    def __del__(self):
        Kept.alive -= 1

def double(x):
    if Kept.alive > 20:
        give_up()
    return Kept(2 * x)
"""


def test_what_ends_the_process_only_among_others_fails_all_the_same(
    judged_by: Callable[..., Judgement], groups: list[bool]
) -> None:
    text = TOO_MANY_AT_ONCE + "\ndef give_up():\n    __import__('os')._exit(3)\n"
    judgement = judged_by(DOUBLES, text)
    assert judgement.verdict is Verdict.FAILED
    (claim,) = judgement.claims
    assert claim.finding is not None
    assert claim.finding.call == "doubles"
    assert "exit status 3" in claim.finding.returned
    assert claim.examples == 32
    assert groups == [False]
    assert judgement.printed == ""


def test_what_ends_examples_of_several_claims_is_told_of_the_last(
    judged_by: Callable[..., Judgement],
) -> None:
    text = TOO_MANY_AT_ONCE + "\ndef give_up():\n    __import__('os')._exit(3)\n"
    judgement = judged_by(TWICE_AND_THRICE, text + BOTH[len(RIGHT) :])
    doubles, trebles = judgement.claims
    assert (doubles.held, doubles.examples) == (True, 32)
    assert (trebles.held, trebles.examples) == (False, 12)
    assert trebles.finding is not None
    assert trebles.finding.call == "trebles"


def test_a_call_without_end_is_named(judged_by: Callable[..., Judgement]) -> None:
    text = "def double(x):\n    while x % 7 == 3:\n        pass\n    return 2 * x\n"
    judgement = judged_by(DOUBLES, text, seconds=1.0)
    assert judgement.verdict is Verdict.STOPPED
    assert "That was in double(" in judgement.reason


def test_a_limit_that_all_hit_and_none_alone_still_stops(
    judged_by: Callable[..., Judgement],
) -> None:
    text = TOO_MANY_AT_ONCE + "\ndef give_up():\n    while True:\n        pass\n"
    judgement = judged_by(DOUBLES, text, seconds=1.0)
    assert judgement.verdict is Verdict.STOPPED
    assert "1 seconds of processor time" in judgement.reason
    assert judgement.reason.endswith("The claim: It doubles.")


def test_what_the_kernel_says_of_the_process_is_asked_alone(
    judged_by: Callable[..., Judgement], groups: list[bool]
) -> None:
    check = (
        HEAD
        + """
@claim("It is cheap.", examples=30, x=draw.integers(0, 9))
def cheap(work, x):
    work.double(x).must_equal(2 * x)
    assert usage(work).cpu_seconds < 60
"""
    )
    assert judged_by(check, RIGHT).verdict is Verdict.PASSED
    assert groups == [False]


def test_a_context_of_the_work_is_left_when_the_group_is_given_up(
    judged_by: Callable[..., Judgement],
) -> None:
    check = (
        HEAD
        + """
@claim("It is open within the block.", examples=30, x=draw.integers(0, 999))
def opens(work, x):
    with work.Opened(x) as opened:
        work.double(x).must_equal(2 * x)
        opened.x.must_equal(x)
"""
    )
    text = (
        RIGHT.replace("2 * x", "2 * x if x % 7 != 3 else 0")
        + "class Opened:\n    def __init__(self, x):\n        self.x = x\n"
        + "    def __enter__(self):\n        return self\n"
        + "    def __exit__(self, *_):\n        pass\n"
    )
    judgement = judged_by(check, text)
    assert judgement.verdict is Verdict.FAILED
    assert judgement.claims[0].finding is not None
    dies = text.replace("else 0", "else __import__('os')._exit(3)")
    assert judged_by(check, dies).verdict is Verdict.FAILED


# ── what crosses when, seen from a child of our own ──


class Paper:
    """A child that writes down what it is sent and heard, and answers with the number asked."""

    def __init__(self, n_bytes: int = 10, calls_back: bool = False) -> None:
        self.n_bytes, self.calls_back = n_bytes, calls_back
        self.written: list[tuple[str, list[tuple[int, Any]]]] = []
        self.gathers = False

    def ask(self, op: str, number: int) -> Awaited:
        """Let the example that is running ask for something that gives this number."""
        assert self.gathers
        return cast(Started, getcurrent()).ask(op, Prepared(number, []), self.calls_back)

    def message(self, asks: list[Ask]) -> "Paper.Message":
        return Paper.Message([(each.asker, each.prepared.node) for each in asks], self.n_bytes)

    def send(self, message: "Paper.Message") -> None:
        self.written.append(("send", message.asks))

    def hear_several(self, message: "Paper.Message") -> list[Outcome]:
        self.written.append(("hear", message.asks))
        return [Outcome(value=x) for _, x in message.asks]

    @dataclass
    class Message:
        asks: list[tuple[int, Any]]
        n_bytes: int


def hold(paper: Paper, tests: Iterable[Callable[[], None]]) -> list[Ran]:
    """Run tests side by side."""
    return Together(cast(ChildFar, paper)).hold([*map(Started, tests)])


def on(paper: Paper, rounds: int, count: int = 4) -> list[str]:
    """Let `count` tests ask so often, and return what was sent and heard, in its order."""

    def test(place: int) -> None:
        for number in range(rounds):
            assert paper.ask("call", 10 * place + number).value == 10 * place + number

    ran = hold(paper, [partial(test, n) for n in range(count)])
    assert ran == [Ran(True, rounds, rounds * paper.calls_back)] * count
    assert not paper.gathers
    return [f"{what} {' '.join(str(asker) for asker, _ in asks)}" for what, asks in paper.written]


@pytest.fixture
def pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two examples cross together, and two messages be under way."""
    for name in ("FEW", "MANY", "UNDER_WAY"):
        monkeypatch.setattr(together, name, 2)


@pytest.mark.usefixtures("pairs")
def test_one_message_is_sent_before_the_other_is_heard() -> None:
    assert on(Paper(), rounds=2) == [
        "send 1 2", "send 3 4", "hear 1 2", "send 1 2",
        "hear 3 4", "send 3 4", "hear 1 2", "hear 3 4",
    ]  # fmt: skip


@pytest.mark.usefixtures("pairs")
@pytest.mark.parametrize("paper", [Paper(n_bytes=FITS // 2 + 1), Paper(calls_back=True)])
def test_what_does_not_fit_and_what_calls_back_waits(paper: Paper) -> None:
    assert on(paper, rounds=2) == [
        "send 1 2", "hear 1 2", "send 3 4", "hear 3 4",
        "send 1 2", "hear 1 2", "send 3 4", "hear 3 4",
    ]  # fmt: skip


@pytest.mark.usefixtures("pairs")
@pytest.mark.parametrize(("part", "more", "at_once"), [(4, 0, 4), (3, 0, 3), (3, 1, 2)])
def test_messages_that_just_fit_are_in_the_pipe_at_once(
    monkeypatch: pytest.MonkeyPatch, part: int, more: int, at_once: int
) -> None:
    monkeypatch.setattr(together, "UNDER_WAY", 8)
    written = on(Paper(n_bytes=FITS // part + more), rounds=1, count=8)
    sent = ["send 1 2", "send 3 4", "send 5 6", "send 7 8"]
    assert written[: at_once + 1] == [*sent[:at_once], "hear 1 2"]


@pytest.mark.usefixtures("pairs")
def test_the_last_message_may_be_smaller() -> None:
    assert on(Paper(), rounds=1, count=3) == ["send 1 2", "send 3", "hear 1 2", "hear 3"]


@pytest.mark.usefixtures("pairs")
def test_later_messages_carry_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "MANY", 5)
    monkeypatch.setattr(together, "UNDER_WAY", 8)
    written = on(Paper(), rounds=1, count=17)
    assert [len(each.split()) - 1 for each in written if "send" in each] == [2, 4, 5, 5, 1]


@pytest.mark.parametrize("count", [4, 5])
def test_what_would_cross_alone_crosses_in_two_halves(count: int) -> None:
    first, second = ("1 2", "3 4") if count == 4 else ("1 2 3", "4 5")
    halves = [f"send {first}", f"send {second}", f"hear {first}", f"hear {second}"]
    assert on(Paper(), rounds=1, count=count) == halves


@pytest.mark.usefixtures("pairs")
def test_who_needs_longer_asks_with_those_who_come_later() -> None:
    paper = Paper()

    def test(rounds: int) -> None:
        for number in range(rounds):
            paper.ask("call", number).heard()

    hold(paper, [partial(test, rounds) for rounds in (3, 1, 1, 1, 1)])
    sent = [[asker for asker, _ in asks] for what, asks in paper.written if what == "send"]
    assert sent == [[1, 2], [3, 4], [1, 5], [1]]


def test_an_example_that_asks_nothing_holds() -> None:
    assert on(Paper(), rounds=0) == []


def test_it_is_counted_how_often_each_example_calls() -> None:
    paper = Paper()

    def test(place: int) -> None:
        for op in ("put", "get", *["call"] * place, "item", "fetch", "arguments", "put"):
            paper.ask(op, place).heard()

    ran = hold(paper, [partial(test, n) for n in range(4)])
    assert ran == [Ran(True, n, 2 * (n > 0)) for n in range(4)]


@pytest.mark.parametrize(
    ("ops", "calls_back", "counts"),
    [
        ("get put call arguments", False, True),
        ("call call", False, False),
        ("get", False, False),
        ("call get", False, False),
        ("call item", False, False),
        ("call fetch", False, False),
        ("call", True, False),
    ],
)
def test_what_is_not_met_counts_where_one_call_alone_shows_it(
    ops: str, calls_back: bool, counts: bool
) -> None:
    paper, finding = Paper(calls_back=calls_back), Finding("f()", "no")

    def test() -> None:
        for op in ops.split():
            paper.ask(op, 0).heard()
        raise Unmet(finding)

    (ran,) = hold(paper, [test])
    assert not ran.held
    assert ran.unmet == finding
    assert ran.finding == (finding if counts else None)


@pytest.mark.parametrize("wrong", ["None", "'\\x1b[2J'"])
def test_a_wrong_answer_that_does_not_come_again_is_told(
    judged_by: Callable[..., Judgement], groups: list[bool], wrong: str
) -> None:
    text = (
        "n = 0\n\ndef double(x):\n    global n\n    n += 1\n"
        f"    return {wrong} if n == 20 else 2 * x\n"
    )
    judgement = judged_by(DOUBLES, text)
    assert groups == [False]
    assert judgement.verdict is Verdict.FAILED
    (claim,) = judgement.claims
    assert claim.examples == 32
    assert claim.finding is not None
    assert "\x1b" not in claim.finding.returned


@pytest.mark.parametrize("error", [KeyError("no"), Unmet(Finding("f()", "no"))])
def test_one_that_ends_before_it_is_answered_stays_as_it_ended(error: Exception) -> None:
    paper = Paper()

    def test() -> None:
        paper.ask("call", 1)
        raise error

    started = Started(test)
    assert started.doing == ""
    (ran,) = Together(cast(ChildFar, paper)).hold([started])
    assert [what for what, _ in paper.written] == ["send", "hear"]
    assert not ran.held


@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_that_raises_holds_up_no_other(place: int) -> None:
    paper, ended = Paper(), []

    def test(number: int) -> None:
        assert paper.ask("call", number).value == number
        if number == place:
            raise KeyError(number)
        ended.append(number)

    ran = hold(paper, [partial(test, n) for n in range(3)])
    assert ran == [Ran(number != place, 1) for number in range(3)]
    assert sorted([*ended, place]) == [0, 1, 2]


@pytest.mark.usefixtures("pairs")
def test_who_waits_when_the_child_ends_leaves_its_blocks() -> None:
    paper, left = Paper(), []

    def hear_several(message: Paper.Message) -> list[Outcome]:
        raise ProcessEnded("gone")

    paper.hear_several = hear_several  # type: ignore[method-assign]

    def test(number: int) -> None:
        try:
            paper.ask("call", number).heard()
        finally:
            left.append(number)
            paper.ask("exit", number).heard()
            left.append("heard")

    four = [Started(partial(test, n)) for n in range(4)]
    with pytest.raises(ProcessEnded):
        Together(cast(ChildFar, paper)).hold(four)
    assert all(each.dead for each in four)
    assert sorted(left, key=str) == [0, 1, 2, 3], "nothing is answered any more"
    assert not paper.gathers
    assert [what for what, _ in paper.written] == ["send", "send"]


# ── claims that follow each other ──

TWICE_AND_THRICE = (
    DOUBLES
    + """
@claim("It trebles.", examples=10, x=draw.integers(0, 999))
def trebles(work, x):
    work.treble(x).must_equal(3 * x)
"""
)
BOTH = RIGHT + "\ndef treble(x):\n    return 3 * x\n"


def test_examples_of_several_claims_run_side_by_side(
    judged_by: Callable[..., Judgement], groups: list[bool]
) -> None:
    counting = "calls.append(x)\n    print(len(calls))\n    return 2 * x"
    text = "calls = []\n\n" + BOTH.replace("return 2 * x", counting)
    judgement = judged_by(TWICE_AND_THRICE, text)
    assert judgement.verdict is Verdict.PASSED
    assert [each.examples for each in judgement.claims] == [32, 12]
    assert groups == [True]
    assert judgement.printed.split()[-1] == "32", "none of one call ran twice"


def test_only_the_claim_that_does_not_hold_is_taken_apart(
    judged_by: Callable[..., Judgement],
    monkeypatch: pytest.MonkeyPatch,
    groups: list[bool],
) -> None:
    text = BOTH.replace("3 * x", "3 * x if x != 999 else 0")
    joined = judged_by(TWICE_AND_THRICE, text)
    assert groups == [False, True], "then the first claim without the second"
    assert [each.held for each in joined.claims] == [True, False]
    one_by_one(monkeypatch)
    alone = judged_by(TWICE_AND_THRICE, text)
    assert joined.claims == alone.claims
    assert joined.inputs == alone.inputs


def test_inputs_of_all_claims_are_kept(
    judged_by: Callable[..., Judgement], monkeypatch: pytest.MonkeyPatch, groups: list[bool]
) -> None:
    text = BOTH.replace("2 * x", "2 * x if x != 999 else 0")
    joined = judged_by(TWICE_AND_THRICE, text)
    assert [each.held for each in joined.claims] == [False, True]
    assert groups == [False, True]
    one_by_one(monkeypatch)
    assert judged_by(TWICE_AND_THRICE, text).inputs == joined.inputs


def test_an_example_that_calls_again_runs_alone_wherever_it_stands(
    judged_by: Callable[..., Judgement], groups: list[bool]
) -> None:
    """The second example calls twice; beside others its second call is never the next."""
    check = (
        HEAD
        + """
@claim("It doubles the next one too.", examples=30, x=draw.integers(100, 999).edges(5, 7))
def doubles(work, x):
    work.double(x).must_equal(2 * x)
    if x == 7:
        work.double(x + 1).must_equal(2 * x + 2)
"""
    )
    text = (
        "last = [-5]\n\ndef double(x):\n    right = x != last[0] + 1\n    last[0] = x\n"
        "    return 2 * x * right\n"
    )
    judgement = judged_by(check, text)
    assert groups == [True]
    assert judgement.verdict is Verdict.FAILED


def test_numbers_of_the_check_that_are_no_numbers_warn_nobody(
    judged_by: Callable[..., Judgement], groups: list[bool]
) -> None:
    check = DOUBLES + "    assert np.isnan(np.zeros(1) / 0).all()\n"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        judgement = judged_by(check, RIGHT)
    assert judgement.verdict is Verdict.PASSED
    assert groups == [True]


def test_what_went_wrong_alone_is_a_fault_though_it_never_comes_again(
    judged_by: Callable[..., Judgement],
) -> None:
    text = BOTH + "\ncalls = []\n"
    text = text.replace(
        "    return 3 * x", "    calls.append(x)\n    return 3 * x + (len(calls) == 1)"
    )
    judgement = judged_by(TWICE_AND_THRICE, text)
    assert judgement.verdict is Verdict.FAILED
    doubles, trebles = judgement.claims
    assert doubles.held
    assert trebles.examples == 12
    assert trebles.finding is not None
    assert trebles.finding.returned == "1"
    assert judgement.inputs


def test_claims_before_one_that_never_ends_are_told(
    judged_by: Callable[..., Judgement], groups: list[bool]
) -> None:
    text = BOTH.replace("    return 3 * x", "    print('hm')\n    while True:\n        pass")
    third = DOUBLES.removeprefix(HEAD).replace("It doubles.", "It doubles still.")
    check = TWICE_AND_THRICE + third.replace("doubles(", "doubles_still(")
    judgement = judged_by(check, text, seconds=1.0)
    assert judgement.verdict is Verdict.STOPPED
    told = [(each.held, each.examples) for each in judgement.claims]
    assert told == [(True, 32), (False, 0), (False, 0)]
    assert groups == [True]
    assert "That was in treble(" in judgement.reason
    assert judgement.reason.endswith("The claim: It trebles.")
    assert judgement.printed == "hm\n"


def test_what_shows_only_where_calls_follow_each_other_is_found(
    judged_by: Callable[..., Judgement], groups: list[bool]
) -> None:
    """Side by side, 32 calls come between the two of each example: both are even or odd alike."""
    check = (
        HEAD
        + """
@claim("It gives the same again.", examples=31, x=draw.integers(0, 999))
def gives_the_same(work, x):
    once = work.double(x).as_number()
    work.double(x).must_equal(once)
"""
    )
    text = "calls = []\n\ndef double(x):\n    calls.append(x)\n    return x * (len(calls) % 2)\n"
    judgement = judged_by(check, text)
    assert groups == [True]
    assert judgement.verdict is Verdict.FAILED
