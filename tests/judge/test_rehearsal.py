"""Examples that begin before there is anything to try: what comes of them is the same."""

import shutil
import threading
import warnings
import weakref
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from gradus.check.margins import margins
from gradus.core.lab import Entry, EntryKind, Lab
from gradus.core.submission import Submission
from gradus.core.verdict import Judgement, Verdict
from gradus.judge import Drawn, Pool, draw_ahead, judge, rehearsal
from gradus.judge.rehearsal import Rehearsal, rehearse
from gradus.judge.running import Runner

HEAD = """
import numpy as np
from gradus.check import claim, draw, put, stub, usage

begun = []

"""
DOUBLES = (
    HEAD
    + """
@claim("It doubles.", examples=12, x=draw.integers(0, 999))
def doubles(work, x):
    begun.append(x)
    work.double(x).must_equal(2 * x)
"""
)
RIGHT = "def double(x):\n    return 2 * x\n"


@dataclass
class Tried:
    """One verdict with what was begun before it, and one without."""

    drawn: Drawn
    with_it: Judgement
    without: Judgement
    taken: list[bool]
    """For each example that was looked for, whether it had begun and could go on."""


@pytest.fixture
def tried(
    lab: Lab, pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Tried]:
    """Judge a module `work.py` by a `check.py` in both ways, on the same seed."""
    content = tmp_path / "content"
    shutil.copytree(lab.folder.parent.parent, content)
    folder = content / "labs" / lab.id
    take = Rehearsal.take
    taken: list[bool] = []

    def noted(self: Rehearsal, example: object) -> object:
        taken.append((started := take(self, example)) is not None)
        return started

    monkeypatch.setattr(Rehearsal, "take", noted)

    def judge_both(
        check: str,
        text: str,
        kind: EntryKind = EntryKind.MODULE,
        seconds: float = 4.0,
        also: str = "",
    ) -> Tried:
        (folder / "check.py").write_text(check, encoding="utf-8")
        limits = replace(lab.limits, seconds=seconds, wall_seconds=100.0)
        entry = Entry(kind, "work.py", ("double", *also.split()))
        here = replace(lab, folder=folder, entry=entry, limits=limits)
        work = Submission({"work.py": text.encode()})
        just = partial(judge, here, work, seed=5, pool=pool, name_mistakes=False, shrink=False)
        drawn = draw_ahead(here, 5)
        taken.clear()
        with_it = just(drawn=drawn)
        return Tried(drawn, with_it, just(), [*taken])

    return judge_both


def alike(both: Tried) -> bool:
    """Say whether a verdict says the same with and without what was begun."""
    one, other = both.with_it, both.without
    return (one.verdict, one.claims, one.inputs, one.reason, one.printed) == (
        other.verdict, other.claims, other.inputs, other.reason, other.printed,
    )  # fmt: skip


@pytest.mark.parametrize("kind", [EntryKind.MODULE, EntryKind.FUNCTION])
def test_every_example_begins_and_goes_on(tried: Callable[..., Tried], kind: EntryKind) -> None:
    check = DOUBLES if kind is EntryKind.MODULE else DOUBLES.replace("work.double", "work")
    text = "n = 0\n\ndef double(x):\n    global n\n    n += 1\n    print(n)\n    return 2 * x\n"
    both = tried(check, text, kind)
    assert both.with_it.verdict is Verdict.PASSED
    assert alike(both)
    assert both.taken == [True] * 14
    assert both.with_it.printed.split()[-1] == "14", "no call is made twice"
    (claim,) = both.drawn.specification.claims
    assert len(claim.test.__globals__["begun"]) == 14, "nor is a claim begun twice"


@pytest.mark.parametrize(
    "text",
    [
        "def double(x):\n    return 2 * x + (x == 0)\n",
        "def double(x):\n    return 2 * x if x % 7 != 3 else 0\n",
        "def double(x):\n    return 2 * x if x != 999 else None\n",
        "def double(x):\n    raise ValueError(x)\n",
        "def double(x):\n    if x % 7 == 3:\n        raise ValueError(x)\n    return 2 * x\n",
        "def double(x):\n    __import__('os')._exit(3)\n",
        "def double(x):\n    if x % 7 == 3:\n        __import__('os')._exit(3)\n    return 2 * x\n",
        "def double(x):\n    print('here')\n    return object()\n",
        "def double(x):\n    return 1 / 0 if x == 0 else 2 * x\n",
        "raise ValueError('no')\n",
        "def trouble(x):\n    return x\n",
        "double = 5\n",
        "import os\nos._exit(1)\n",
    ],
)
def test_what_is_wrong_is_told_alike(tried: Callable[..., Tried], text: str) -> None:
    both = tried(DOUBLES, text)
    assert both.with_it.verdict is Verdict.FAILED
    assert alike(both)


def test_a_call_without_end_is_named(tried: Callable[..., Tried]) -> None:
    both = tried(DOUBLES, "def double(x):\n    while True:\n        pass\n", seconds=1.0)
    assert both.with_it.verdict is Verdict.STOPPED
    assert "That was in double(0)." in both.with_it.reason
    assert alike(both)


@pytest.mark.parametrize(
    "text",
    [
        "class double(int):\n    def __new__(cls, x):\n        return 2 * x\n",
        "import functools\n\n@functools.lru_cache\ndef double(x):\n    return 2 * x\n",
        "class Doubles:\n    def __call__(self, x):\n        return 2 * x\n\ndouble = Doubles()\n",
    ],
)
@pytest.mark.parametrize("kind", [EntryKind.MODULE, EntryKind.FUNCTION])
def test_what_is_no_function_is_looked_at_first(
    tried: Callable[..., Tried], text: str, kind: EntryKind
) -> None:
    check = DOUBLES if kind is EntryKind.MODULE else DOUBLES.replace("work.double", "work")
    both = tried(check, text, kind)
    assert both.with_it.verdict is Verdict.PASSED
    assert both.taken == [False] * 14


def test_one_name_that_is_no_function_holds_up_no_other(tried: Callable[..., Tried]) -> None:
    check = (
        DOUBLES
        + """
@claim("It trebles.", examples=12, x=draw.integers(0, 9))
def trebles(work, x):
    work.treble(x).must_equal(3 * x)
"""
    )
    text = "double = [0, 2].__class__.__len__\n\ndef treble(x):\n    return 3 * x\n"
    both = tried(check, text, also="treble")
    assert [each.held for each in both.with_it.claims] == [False, True]
    assert both.taken.count(True) == 14
    assert alike(both)


def test_what_a_claim_changes_is_its_own(tried: Callable[..., Tried]) -> None:
    check = (
        HEAD
        + """
@claim("It doubles.", examples=12, xs=draw.lists(draw.integers(0, 9), size=(1, 4)))
def doubles(work, xs):
    xs.append(7)
    work.double(xs).must_equal(2 * xs)
"""
    )
    both = tried(check, "def double(x):\n    return 2 * x if len(x) < 4 else x\n")
    assert both.with_it.verdict is Verdict.FAILED
    assert alike(both)


def test_numbers_that_are_none_disturb_nobody_before_a_save(tried: Callable[..., Tried]) -> None:
    check = DOUBLES.replace("    begun", "    assert np.isinf(np.log(np.zeros(1)))\n    begun")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        both = tried(check, RIGHT)
    assert both.with_it.verdict is Verdict.PASSED
    assert both.taken == [True] * 14


def test_an_attribute_that_is_looked_up_later_may_be_anything(tried: Callable[..., Tried]) -> None:
    check = (
        HEAD
        + """
@claim("It is noted.", examples=12, x=draw.integers(0, 9))
def noted(work, x):
    work.NOTES[0].must_equal("a")
    work.double(x).must_equal(2 * x)
"""
    )
    both = tried(check, RIGHT + "NOTES = ['a']\n")
    assert both.with_it.verdict is Verdict.PASSED
    assert both.taken == [True] * 14


GIVES = """
@claim("It is given the case.", examples=12, x=draw.integers(0, 9))
def gives(work, x, {given}):
    work.double(x).must_equal(2 * x)
"""


@pytest.mark.parametrize(
    ("given", "begins"), [("rng", True), ("case", False), ("sizes", False), ("module", False)]
)
def test_what_belongs_to_the_attempt_is_waited_for(
    tried: Callable[..., Tried], given: str, begins: bool
) -> None:
    both = tried(HEAD + GIVES.format(given=given), RIGHT)
    assert both.with_it.verdict is Verdict.PASSED
    assert both.taken == [begins] * 14


def test_hidden_numbers_are_the_same(tried: Callable[..., Tried]) -> None:
    check = (
        HEAD
        + """
@claim("It doubles.", examples=12)
def doubles(work, rng):
    x = int(rng.integers(10**9))
    work.double(x).must_equal(2 * x)
"""
    )
    text = "def double(x):\n    print(x)\n    return 2 * x\n"
    both = tried(check, text)
    assert both.taken == [True] * 12
    assert alike(both)
    assert len(set(both.with_it.printed.split())) == 12


def test_what_gives_functions_along_begins_in_its_turn(tried: Callable[..., Tried]) -> None:
    check = (
        DOUBLES
        + """
@claim("It calls what it is given.", examples=12, x=draw.integers(0, 9))
def calls(work, x):
    work.apply(stub(lambda y: y + x, "add"), 1).must_equal(1 + x)

@claim("It still doubles.", examples=12, x=draw.integers(0, 9))
def still_doubles(work, x):
    work.double(x).must_equal(2 * x)
"""
    )
    both = tried(check, RIGHT + "def apply(f, x):\n    return f(x)\n", also="apply")
    assert both.with_it.verdict is Verdict.PASSED
    assert both.taken[0] is True
    assert (both.taken.count(True), both.taken.count(False)) == (28, 14)
    assert alike(both)


def test_several_calls_may_be_laid_out(tried: Callable[..., Tried]) -> None:
    check = (
        HEAD
        + """
@claim("It doubles and takes back.", examples=12, x=draw.integers(0, 999))
def doubles(work, x):
    first, second = work.double(x), work.double(x + 1)
    held = put(work, [x])
    second.must_equal(2 * x + 2)
    first.must_equal(2 * x)
    work.double(held).must_equal([x, x]).must_not_change_its_arguments()
"""
    )
    both = tried(check, RIGHT)
    assert both.with_it.verdict is Verdict.PASSED
    assert both.taken.count(True) == 14
    assert alike(both)
    wrong = tried(check, "def double(x):\n    x *= 2\n    return x\n")
    assert wrong.with_it.verdict is Verdict.FAILED
    assert alike(wrong)


@pytest.mark.parametrize("examples", [1, 12])
def test_an_argument_that_is_waited_for_is_no_end(
    tried: Callable[..., Tried], examples: int
) -> None:
    check = (
        HEAD
        + f"""
@claim("It does not touch what it is given.", examples={examples}, x=draw.integers(0, 999))
def leaves(work, x):
    kept = [put(work, [each]) for each in (x, x + 1)]
    work.double(*kept)
    again = put(work, [x])
    work.double(again, kept[0]).must_equal([x, x])
    for each, before in zip([*kept, again], (x, x + 1, x)):
        each.now().must_equal([before])
"""
    )
    right = "def double(a, b):\n    print(a, b)\n    return [*a, *b]\n"
    both = tried(check, right)
    assert both.with_it.verdict is Verdict.PASSED
    assert both.taken.count(True) == (1 if examples == 1 else 14)
    assert alike(both)
    wrong = tried(check, right.replace("    p", "    a.append(7)\n    p"))
    assert wrong.with_it.verdict is Verdict.FAILED
    assert alike(wrong)


@pytest.mark.parametrize("place", ["first", "later"])
def test_a_check_that_breaks_is_ours(tried: Callable[..., Tried], place: str) -> None:
    broken = "    {}[x]\n" if place == "first" else "    {}[x] if x % 7 == 3 else None\n"
    check = DOUBLES.replace("    work.double", broken + "    work.double")
    both = tried(check, RIGHT)
    assert both.with_it.verdict is Verdict.UNJUDGED
    assert "claim doubles: KeyError" in both.with_it.reason
    assert alike(both)


def test_what_the_kernel_says_is_asked_in_its_turn(tried: Callable[..., Tried]) -> None:
    check = DOUBLES.replace("    begun", "    assert usage(work).cpu_seconds < 60\n    begun")
    both = tried(check, RIGHT)
    assert both.with_it.verdict is Verdict.PASSED
    assert not any(both.taken)


def test_a_claim_of_one_example_begins_too(tried: Callable[..., Tried]) -> None:
    both = tried(HEAD + GIVES.format(given="rng").replace("examples=12", "examples=1"), RIGHT)
    assert both.with_it.verdict is Verdict.PASSED
    assert both.taken == [True]


def test_what_ends_the_process_before_any_call_is_told_by_its_claim(
    tried: Callable[..., Tried],
) -> None:
    check = (
        DOUBLES
        + """
@claim("It is noted.")
def noted(work):
    work.NOTES.must_equal([])
"""
    )
    both = tried(check, RIGHT + "\ndef __getattr__(name):\n    __import__('os')._exit(3)\n")
    finding = both.with_it.claims[1].finding
    assert finding is not None
    assert finding.call == "noted"
    assert alike(both)


def test_what_comes_after_a_process_that_ended_runs_anew(tried: Callable[..., Tried]) -> None:
    check = (
        DOUBLES.replace("examples=12", "examples=1")
        + """
@claim("It still doubles.", examples=12, x=draw.integers(0, 9))
def still_doubles(work, x):
    work.double(x).must_equal(2 * x)
"""
    )
    text = "n = []\n" + RIGHT.replace(
        "    r", "    n.append(x)\n    if x > 9: __import__('os')._exit(3)\n    r"
    )
    both = tried(check, text)
    assert [each.held for each in both.with_it.claims] == [False, True]
    assert both.taken == [True], "the numbers of another process mean something else"
    assert alike(both)


def test_another_thread_begins_for_itself(
    tried: Callable[..., Tried], lab: Lab, pool: Pool
) -> None:
    drawn = tried(DOUBLES, RIGHT).drawn
    again = draw_ahead(drawn.lab, 6)
    made: list[Judgement] = []

    def other() -> None:
        work = Submission({"work.py": RIGHT.encode()})
        made.append(judge(drawn.lab, work, seed=6, pool=pool, drawn=again))

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert [each.verdict for each in made] == [Verdict.PASSED]


def test_no_more_begins_than_there_is_time_and_room_for(
    tried: Callable[..., Tried], monkeypatch: pytest.MonkeyPatch
) -> None:
    check = DOUBLES.replace("work.double(x)", "work.double(np.full(1000, x))").replace(
        "2 * x)", "np.full(1000, 2 * x))"
    )
    whole = tried(check, RIGHT)
    assert whole.taken == [True] * 14
    assert whole.drawn.rehearsal is not None
    assert whole.drawn.rehearsal.n_bytes == 14 * 8000
    monkeypatch.setattr(rehearsal, "MOST_BYTES", 30_000)
    some = tried(check, RIGHT)
    assert some.taken == [True] * 4 + [False] * 10
    assert alike(some)
    monkeypatch.setattr(rehearsal, "MOST_SECONDS", -1.0)
    none = tried(check, RIGHT)
    assert not any(none.taken)
    assert alike(none)


def test_who_measures_margins_sees_all_of_them(tried: Callable[..., Tried], pool: Pool) -> None:
    check = DOUBLES.replace("2 * x)", "2 * x)\n    observe('share', x / 1000).must_be_at_most(1.0)")
    lab = tried(check.replace("put,", "observe, put,"), RIGHT).drawn.lab
    drawn = draw_ahead(lab, 6)
    work = Submission({"work.py": RIGHT.encode()})
    with margins() as noted:
        judgement = judge(lab, work, seed=6, pool=pool, drawn=drawn)
    assert judgement.verdict is Verdict.PASSED
    assert len(noted) == 14


def test_a_runner_traces_and_counts_what_it_asks(tried: Callable[..., Tried], pool: Pool) -> None:
    drawn = draw_ahead(tried(DOUBLES, RIGHT).drawn.lab, 5)
    (claim,) = drawn.specification.claims
    first, second = drawn.ahead.waiting(0)[:2]
    work = Submission({"work.py": RIGHT.encode()})
    runner = Runner(drawn.lab, work, pool, {}, drawn.rehearsal)
    assert runner.n_asked == 0
    assert len(runner.run(claim, first, traced=True).trace) == 2, "the name and the call"
    asked = runner.n_asked
    assert runner.run(claim, second).finding is None
    assert runner.n_asked == asked + 1
    runner.close()


def test_what_nobody_goes_on_with_ends(lab: Lab, pool: Pool) -> None:
    drawn = draw_ahead(lab, 5)
    assert drawn.rehearsal is not None
    begun = [weakref.ref(each) for each, _ in drawn.rehearsal._begun.values()]
    assert len(begun) > 50
    assert all(each() is not None for each in begun)
    del drawn
    assert all(each() is None for each in begun), "no collector can free what waits"


def test_what_an_attempt_does_not_reach_is_given_up(
    tried: Callable[..., Tried], pool: Pool
) -> None:
    check = DOUBLES.replace(
        "    work.double(x).must_equal(2 * x)",
        "    try:\n        work.double(x).must_equal(2 * x)\n"
        "    finally:\n        left.append(work.double(x).as_value())",
    ).replace("begun = []", "begun, left = [], []")
    text = "def trouble(x):\n    return x\n"
    lab = tried(check, text).drawn.lab
    drawn = draw_ahead(lab, 6)
    assert drawn.rehearsal is not None
    begun = [weakref.ref(each) for each, _ in drawn.rehearsal._begun.values()]
    judgement = judge(lab, Submission({"work.py": text.encode()}), seed=6, pool=pool, drawn=drawn)
    assert judgement.verdict is Verdict.FAILED
    assert drawn.rehearsal._begun == {}
    assert len(begun) == 14
    assert all(each() is None for each in begun)
    (claim,) = drawn.specification.claims
    assert claim.test.__globals__["left"] == []


def test_nothing_begins_where_no_code_is_imported(lab: Lab) -> None:
    answers = replace(lab, entry=Entry(EntryKind.ANSWERS, "answers.toml"))
    assert rehearse(answers, []) is None
    assert rehearse(lab, []) is not None
