"""The judge computes and draws while the child works; that changes no verdict and no input."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gradus.core.lab import Entry, EntryKind, Lab
from gradus.core.submission import Submission
from gradus.core.verdict import Judgement, Verdict
from gradus.judge import Pool, judge, reference_submission, render
from gradus.judge.sources import unpack

TWICE = "def twice(x):\n    return 2 * x\n"
WHOLE = '''"""Doubling."""
from gradus.check import claim, draw

@claim("It doubles.", examples=30, x=draw.integers(0, 9))
def doubles(work, x):
    work.twice(x).must_equal(2 * x)

@claim("It doubles twice.", examples=30, x=draw.integers(10, 99))
def doubles_twice(work, x):
    one, other = work.twice(x), work.twice(2 * x)
    other.must_equal(4 * x)
    one.must_equal(2 * x)

@claim("It doubles what it doubled.", examples=5, x=draw.integers(100, 999))
def doubles_its_own(work, x):
    work.twice(work.twice(x)).must_equal(4 * x)
'''


@pytest.fixture
def judged_by(lab: Lab, pool: Pool, tmp_path: Path) -> Callable[..., Judgement]:
    """Judge a module `twice.py` by a `check.py`."""
    content = tmp_path / "content"
    shutil.copytree(lab.folder.parent.parent, content)
    folder = content / "labs" / lab.id
    entry = Entry(EntryKind.MODULE, "twice.py", ("twice",))
    doubling = replace(lab, folder=folder, entry=entry)

    def judge_text(check: str, text: str) -> Judgement:
        (folder / "check.py").write_text(check, encoding="utf-8")
        submission = Submission({"twice.py": text.encode()})
        return judge(doubling, submission, seed=5, pool=pool, name_mistakes=False, shrink=False)

    return judge_text


def after(n_calls: int, doing: str) -> str:
    """Return work that doubles, and does something else in one of its calls."""
    return (
        "import os, time\ncalls = []\n\ndef twice(x):\n    calls.append(x)\n"
        f"    if len(calls) == {n_calls}:\n        {doing}\n    return 2 * x\n"
    )


def inputs_of(judgement: Judgement) -> list[tuple[int, object]]:
    """Return place and record of every example that was drawn and reached."""
    return [(place, record) for place, record in unpack(judgement.inputs)]


def test_work_that_takes_its_time_meets_the_same_inputs(
    judged_by: Callable[..., Judgement],
) -> None:
    """While a slow child works, the judge draws all that it may; for a quick one it draws late."""
    wrong = "def twice(x):\n    {}return 2 * x if x != 77 and x < 100 else 0\n"
    quick = judged_by(WHOLE, wrong.format(""))
    slow = judged_by(WHOLE, "import time\n" + wrong.format("time.sleep(0.002); "))
    assert quick.verdict is slow.verdict is Verdict.FAILED
    assert inputs_of(quick) == inputs_of(slow)
    assert quick.claims == slow.claims


def test_a_child_that_dies_fails_the_call_that_killed_it(
    judged_by: Callable[..., Judgement],
) -> None:
    """The judge has drawn ahead by then; a new child goes on with the examples that come next."""
    whole = judged_by(WHOLE, "def twice(x):\n    return 0\n")
    judgement = judged_by(WHOLE, after(3, "os._exit(3)"))
    assert judgement.verdict is Verdict.FAILED
    first, second, third = judgement.claims
    assert first.finding is not None
    assert first.examples == 3, "the third, when they ran in turn"
    assert "exit status 3" in first.finding.returned
    assert second.finding is not None, "the new child dies of its third call as well"
    assert second.examples == 2
    assert third.finding is not None
    assert inputs_of(judgement)[:64] == inputs_of(whole)[:64]


def test_a_child_that_dies_in_a_call_that_nobody_looked_at_yet_is_found_there(
    judged_by: Callable[..., Judgement],
) -> None:
    check = WHOLE.split("@claim", maxsplit=1)[0] + (
        '@claim("It doubles.", examples=1)\ndef doubles(work):\n'
        "    one = work.twice(1)\n    other = work.twice(2)\n"
        "    other.must_equal(4)\n    one.must_equal(2)\n"
    )
    judgement = judged_by(check, after(1, "os._exit(3)"))
    (claim,) = judgement.claims
    assert claim.finding is not None
    assert claim.finding.call == "twice(1)"
    assert "exit status 3" in claim.finding.returned


def test_a_child_that_dies_in_a_call_that_nobody_looks_at_fails(
    judged_by: Callable[..., Judgement],
) -> None:
    check = WHOLE.split("@claim", maxsplit=1)[0] + (
        '@claim("It ends.", examples=1)\ndef ends(work):\n    work.twice(1)\n'
    )
    judgement = judged_by(check, after(1, "os._exit(3)"))
    assert judgement.verdict is Verdict.FAILED
    assert judgement.claims[0].finding is not None
    assert judgement.claims[0].finding.call == "twice(1)"
    assert judged_by(check, TWICE).verdict is Verdict.PASSED


def test_work_that_dies_at_every_call_fails_every_claim(
    judged_by: Callable[..., Judgement],
) -> None:
    judgement = judged_by(WHOLE, "import os\n\ndef twice(x):\n    os._exit(3)\n")
    assert judgement.verdict is Verdict.FAILED
    assert [each.examples for each in judgement.claims] == [1, 1, 1]
    assert all(each.finding and each.finding.call.startswith("twice(") for each in judgement.claims)


@pytest.mark.parametrize("work", [TWICE, after(2, "time.sleep(0.2)"), after(2, "os._exit(3)")])
def test_an_oracle_that_raises_while_the_child_works_is_ours(
    judged_by: Callable[..., Judgement], lab: Lab, pool: Pool, work: str
) -> None:
    check = WHOLE.split("@claim", maxsplit=1)[0] + (
        '@claim("It doubles.", examples=1)\ndef doubles(work):\n'
        "    work.twice(1).must_equal(2)\n"
        "    begun = work.twice(2)\n    begun.must_equal({}[2])\n"
    )
    judgement = judged_by(check, work)
    assert judgement.verdict is Verdict.UNJUDGED
    assert judgement.reason == "claim doubles: KeyError: 2"
    assert judgement.inputs == b""
    again = judge(lab, reference_submission(lab), seed=0, pool=pool)
    assert again.verdict is Verdict.PASSED, render(again)


def test_a_draw_that_raises_ahead_is_ours(judged_by: Callable[..., Judgement]) -> None:
    check = WHOLE.replace("draw.integers(100, 999)", "draw.integers(0, 9).where(lambda x: x > 9)")
    judgement = judged_by(check, TWICE)
    assert judgement.verdict is Verdict.UNJUDGED
    assert "where()" in judgement.reason


def test_a_claim_that_ends_early_leaves_the_next_one_its_inputs(
    judged_by: Callable[..., Judgement],
) -> None:
    """A dear claim ends at its first failure, when its other examples are drawn already."""
    dear = WHOLE.replace("examples=30, x=draw.integers(0", "examples=6, x=draw.integers(0")
    early = judged_by(dear, "def twice(x):\n    return 2 * x if x >= 10 else -1\n")
    late = judged_by(dear, "def twice(x):\n    return 2 * x if x < 100 else -1\n")
    assert [each.held for each in early.claims] == [False, True, True]
    assert early.claims[0].examples == 1

    def of_the_second(judgement: Judgement) -> list[tuple[int, object]]:
        return [each for each in inputs_of(judgement) if each[0] == 1]

    assert len(of_the_second(early)) == 32
    assert of_the_second(early) == of_the_second(late)


def test_the_work_that_is_handed_functions_is_waited_for_at_once(
    judged_by: Callable[..., Judgement],
) -> None:
    """Functions of ours are called from over there in the midst of a call."""
    check = WHOLE.split("@claim", maxsplit=1)[0] + (
        '@claim("It calls.", examples=1)\ndef calls(work):\n    heard = []\n'
        "    def times(x):\n        heard.append(x)\n        return 3\n"
        "    work.twice(times)\n    assert heard == [1], heard\n"
    )
    called = "def twice(f):\n    return f(1)\n"
    assert judged_by(check, called).verdict is Verdict.PASSED
    assert judged_by(check, TWICE).verdict is Verdict.UNJUDGED
