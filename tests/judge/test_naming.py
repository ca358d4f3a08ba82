"""Naming: a tie is told apart by an input that is looked for, and near is not enough."""

from dataclasses import replace

import pytest

from gradus.core.lab import Entry, EntryKind, Lab, Limits, Naming, Profile
from gradus.core.submission import Submission
from gradus.core.verdict import Verdict
from gradus.judge import judge, naming
from gradus.judge.examples import draw_examples
from gradus.judge.naming import behave_alike
from gradus.judge.specification import load_specification

CHECK = '''"""A number as it is."""

from gradus.check import claim, draw


@claim(
    "It comes back as it is.",
    x=draw.integers(0, 999),
    catches=["adds_one", "adds_one_or_two"],
)
def comes_back(same, x):
    same(x).must_equal(x)
'''
ADDS_ONE = '"""You added one."""\n\n\ndef same(x):\n    return x + 1\n'
ONE_OR_TWO = (
    '"""You added two now and then."""\n\n\ndef same(x):\n    return x + 1 + (400 <= x < 420)\n'
)


@pytest.fixture
def lab(tmp_path) -> Lab:
    folder = tmp_path / "labs" / "same"
    for family in ("starter", "wrong"):
        (folder / family).mkdir(parents=True)
    (folder / "check.py").write_text(CHECK)
    (folder / "starter" / "same.py").write_text("def same(x):\n    ...\n")
    (folder / "wrong" / "adds_one.py").write_text(ADDS_ONE)
    (folder / "wrong" / "adds_one_or_two.py").write_text(ONE_OR_TWO)
    return Lab(
        id="same",
        title="The same",
        curriculum_id="",
        layer="",
        entry=Entry(EntryKind.FUNCTION, "same.py", ("same",)),
        skills=(),
        needs=(),
        minutes=1,
        environment="base",
        imports=(),
        profile=Profile.COMPUTE,
        limits=Limits(),
        folder=folder,
        version="",
    )


def a_seed(lab, met):
    """A seed whose run meets a number from 400 to 419, or meets none."""
    claim = load_specification(lab).claims[0]

    def meets(seed):
        return any(400 <= each.values["x"] < 420 for each in draw_examples(claim, seed, 0))

    return next(seed for seed in range(100) if meets(seed) is met)


def named(lab, pool, source, seed):
    submission = Submission({"same.py": source.encode()})
    return judge(lab, submission, seed=seed, pool=pool, shrink=False).mistake


@pytest.mark.parametrize("met", [True, False])
def test_mistakes_that_differ_on_few_inputs_are_told_apart(lab, pool, met):
    seed = a_seed(lab, met)
    assert named(lab, pool, "def same(x):\n    return 1 + x\n", seed) == "adds_one"
    other = "def same(x):\n    return x + (2 if x in range(400, 420) else 1)\n"
    assert named(lab, pool, other, seed) == "adds_one_or_two"


@pytest.mark.parametrize("met", [True, False])
def test_what_is_near_two_mistakes_and_is_neither_gets_no_name(lab, pool, met):
    other = "def same(x):\n    return x + (3 if 400 <= x < 420 else 1)\n"
    assert named(lab, pool, other, a_seed(lab, met)) is None


def test_mistakes_that_cannot_be_told_apart_stay_without_a_name(lab, pool):
    (lab.folder / "wrong" / "adds_one_or_two.py").write_text(ADDS_ONE + "\n# the same again\n")
    assert named(lab, pool, "def same(x):\n    return 1 + x\n", 1) is None


def test_a_variant_that_hits_a_limit_does_not_keep_another_from_its_name(lab, pool):
    lab = replace(lab, limits=Limits(seconds=1.0))
    endless = '"""You never came back."""\n\n\ndef same(x):\n    while True:\n        pass\n'
    (lab.folder / "wrong" / "adds_one_or_two.py").write_text(endless)
    assert named(lab, pool, "def same(x):\n    return 1 + x\n", 1) == "adds_one"


def test_a_starter_as_it_was_handed_out_makes_no_mistake(lab, pool):
    (lab.folder / "starter" / "same.py").write_text("def same(x):\n    return 1 + x\n")
    assert named(lab, pool, "def same(x):\n    return x + 1\n", a_seed(lab, False)) == "adds_one"
    assert named(lab, pool, "def same(x):\n    return 1 + x\n", a_seed(lab, False)) is None


def test_a_clock_that_runs_fast_keeps_no_mistake_from_its_name(lab, pool, monkeypatch):
    hurried = HurriedClock(0.04)
    monkeypatch.setattr(naming, "time", hurried)
    assert named(lab, pool, "def same(x):\n    return 1 + x\n", a_seed(lab, False)) == "adds_one"
    assert hurried.seconds > 10.0


def test_a_name_that_takes_too_many_runs_is_not_said(lab, pool, monkeypatch):
    monkeypatch.setattr(naming, "MOST_TRACES", 60)
    assert named(lab, pool, "def same(x):\n    return 1 + x\n", a_seed(lab, False)) is None


def test_work_that_takes_forever_over_its_runs_stays_without_a_name(lab, pool, monkeypatch):
    monkeypatch.setattr(naming, "time", HurriedClock(1.0))
    assert named(lab, pool, "def same(x):\n    return 1 + x\n", a_seed(lab, False)) is None


class HurriedClock:
    """A clock on which some seconds pass each time that it is looked at."""

    def __init__(self, step):
        self.step, self.seconds = step, 0.0

    def monotonic(self):
        self.seconds += self.step
        return self.seconds


def test_the_smallest_input_is_found_beyond_the_time_of_an_attempt(lab, pool):
    """Each call takes a twentieth of a second of one: the search makes more than twenty."""
    lab = replace(lab, limits=Limits(seconds=1.0))
    source = (
        "import time\n\n\ndef same(x):\n    until = time.process_time() + 0.05\n"
        "    while time.process_time() < until:\n        pass\n    return x + (x >= 77)\n"
    )
    submission = Submission({"same.py": source.encode()})
    judgement = judge(lab, submission, seed=1, pool=pool, name_mistakes=False)
    finding = judgement.claims[0].finding
    assert finding is not None
    assert finding.call == "same(77)"


def test_behaviour_is_compared_on_every_input_of_the_seeds(lab, pool):
    one, other = (Submission({"same.py": each.encode()}) for each in (ADDS_ONE, ONE_OR_TWO))
    seed = a_seed(lab, True)
    assert behave_alike(lab, one, one, pool, [seed])
    assert not behave_alike(lab, one, other, pool, [seed])


PATTERN_CHECK = """

from gradus.check import diagnostic


@diagnostic("adds_one")
def one_more(same):
    return same(1).as_value() == 2


@diagnostic("adds_one_or_two")
def two_more_now_and_then(same):
    return same(400).as_value() == 402
"""


@pytest.fixture
def by_pattern(lab) -> Lab:
    """The lab with a diagnostic of each mistake in place of every answer."""
    (lab.folder / "check.py").write_text(CHECK + PATTERN_CHECK)
    return replace(lab, naming=Naming.PATTERN)


def test_a_diagnostic_tells_mistakes_apart_that_fail_the_same_claims(by_pattern, pool):
    assert named(by_pattern, pool, "def same(x):\n    return 1 + x\n", 1) == "adds_one"


def test_a_diagnostic_that_trips_over_an_answer_has_not_seen_its_mark(by_pattern, pool):
    path = by_pattern.folder / "check.py"
    path.write_text(path.read_text().replace("same(400).as_value() == 402", "2 in same(1) + 1"))
    odd = Submission({"same.py": b"def same(x):\n    return [x + 1]\n"})
    judgement = judge(by_pattern, odd, seed=1, pool=pool, shrink=False)
    assert (judgement.verdict, judgement.mistake) == (Verdict.FAILED, None)
    assert named(by_pattern, pool, "def same(x):\n    return 1 + x\n", 1) == "adds_one"


def test_diagnostics_take_no_more_runs_than_answers_do(by_pattern, pool, monkeypatch):
    monkeypatch.setattr(naming, "MOST_TRACES", 1)
    assert named(by_pattern, pool, "def same(x):\n    return 1 + x\n", 1) is None


def test_diagnostics_take_no_more_time_than_answers_do(by_pattern, pool, monkeypatch):
    monkeypatch.setattr(naming, "time", HurriedClock(20.0))
    assert named(by_pattern, pool, "def same(x):\n    return 1 + x\n", 1) is None
