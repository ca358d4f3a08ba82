"""Judging, with work that runs here in place of a child: what is run when, and what is told."""

import json
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest

from gradus.check import claim, draw
from gradus.check.far import Unmet
from gradus.core.errors import ContentError, PrerequisiteError
from gradus.core.lab import Naming
from gradus.core.submission import Submission
from gradus.core.verdict import Finding, Verdict
from gradus.judge import drawn, judge, judge_claim, judging, replay
from gradus.judge.naming import NAMING_SECONDS
from gradus.judge.running import Attempted
from gradus.judge.sharing import Shared
from gradus.judge.sources import pack, unpack
from gradus.judge.specification import Specification
from gradus.judge.trouble import DoesNotLoad, Ours, Stopped

POOL = SimpleNamespace(runtime=lambda lab: SimpleNamespace(name=f"base of {lab.id}"))
RIGHT = "def f(x):\n    return x\n"
BROKEN = "def f(x):\n    return 0\n"


def is_same(f, x):
    got = f(x)
    if got != x:
        raise Unmet(Finding(f"f({x})", str(got), str(x)))


@claim("It is the same.", examples=10, x=draw.integers(0, 999))
def same(f, x):
    is_same(f, x)


@claim("It is the same for large numbers.", examples=12, x=draw.integers(1000, 9999))
def same_when_large(f, x):
    is_same(f, x)


@claim("It is the same once.", examples=2, x=draw.integers(10**5, 10**6))
def same_once(f, x):
    is_same(f, x)


CLAIMS = (same, same_when_large, same_once)
NOT_REACHED = [{"sentence": each.sentence, "held": False, "examples": 0} for each in CLAIMS]


@dataclass
class World:
    """The claims of the lab, what the name is, and everything that was done, in order."""

    claims: tuple = CLAIMS
    mistake: object = None
    done: list = field(default_factory=list)
    seconds: float = 100.0
    joins: bool = False
    runners: list = field(default_factory=list)
    failures: list = field(default_factory=list)

    def perf_counter(self):
        return self.seconds

    def runner(self, lab, submission, pool, sizes, rehearsal):
        assert pool is POOL
        assert rehearsal is None
        self.runners.append(InProcess(self, submission.files["softmax.py"].decode(), sizes))
        return self.runners[-1]

    def specification(self, lab):
        self.done.append("specification")
        if isinstance(self.claims, Exception):
            raise self.claims
        return Specification(self.claims, ())

    def name(self, failure, pool, seconds):
        self.done.append(f"name in {seconds:g}")
        self.failures.append(failure)
        self.seconds += 7.0
        return self.mistake


class InProcess:
    """A runner without a process; each run takes a second."""

    n_asked = 0

    def __init__(self, world, source, sizes):
        self.world, self.source, self.sizes = world, source, sizes
        self.meanwhile, self.n_drawn, self.ran, self.text = None, 0, [], "printed"

    def start(self):
        self.world.done.append("start")

    def load(self):
        self.world.done.append("load")
        while self.n_drawn < 3 and self.meanwhile():
            self.n_drawn += 1
        names = {"Stopped": Stopped, "DoesNotLoad": DoesNotLoad, "Ours": Ours, "error": IndexError}
        exec(self.source, names)
        self.f = names["f"]

    def may_join(self, claim):
        return self.world.joins

    def start_over(self):
        self.text = "printed later"

    def give_time(self):
        self.world.done.append("time")

    def run(self, claim, example):
        self.world.done.append("run")
        self.world.seconds += 1.0
        self.ran.append((claim.name, *example.values.values()))
        try:
            claim.test(self.f, **example.values)
        except Unmet as unmet:
            return Attempted(unmet.finding)
        return Attempted(None)

    def usage(self):
        self.world.done.append("usage")
        return 1.23456789, 20.0

    def printed(self):
        return self.text

    def close(self):
        self.world.done.append("close")


@pytest.fixture
def world(monkeypatch):
    made = World()
    monkeypatch.setattr(judging, "Runner", made.runner)
    monkeypatch.setattr(drawn, "load_specification", made.specification)
    monkeypatch.setattr(judging, "name_mistake", made.name)
    monkeypatch.setattr(judging, "time", made)
    yield made
    assert made.done.count("close") == len(made.runners)


@pytest.fixture
def judged(lab):
    def make(source, seed=3, of=lab, by=judge, **how):
        return by(of, Submission({"softmax.py": source.encode()}), seed=seed, pool=POOL, **how)

    return make


def places(judgement):
    return [place for place, _ in unpack(judgement.inputs)]


# ── verdicts ──


def test_right_work_passes_and_all_of_it_was_run(world, judged, lab):
    judgement = judged(RIGHT)
    assert judgement.verdict is Verdict.PASSED
    assert [each.sentence for each in judgement.claims] == [each.sentence for each in CLAIMS]
    assert [each.examples for each in judgement.claims] == [12, 14, 2]
    assert (judgement.lab, judgement.lab_version) == (lab.id, lab.version)
    assert judgement.submission == Submission({"softmax.py": RIGHT.encode()}).digest
    assert judgement.environment == "base of stable-softmax"
    assert (judgement.seed, judgement.seconds, judgement.printed) == (3, 28.0, "printed")
    assert judgement.figures == {"cpu_seconds": 1.234568, "peak_mb": 20.0}
    assert (judgement.inputs, judgement.reason, judgement.mistake) == (b"", "", None)
    assert world.done == ["start", "specification", "load", *["run"] * 28, "usage", "close"]
    assert world.runners[0].n_drawn == 3, "drawn while the child was loading"


def test_wrong_work_fails_with_the_smallest_example_of_each_cheap_claim(world, judged):
    judgement = judged("def f(x):\n    return x if x < 500 or x == 1000 else -1\n")
    assert judgement.verdict is Verdict.FAILED
    assert [each.held for each in judgement.claims] == [False] * 3
    assert [each.finding.call for each in judgement.claims[:2]] == ["f(500)", "f(1001)"]
    ran = world.runners[0].ran
    assert [name for name, _ in ran].count("same_once") == 1
    assert judgement.figures["shrinking_seconds"] == len(ran) - judgement.seconds > 10
    assert judgement.figures["naming_seconds"] == 7.0
    after = world.done[world.done.index("usage") + 1 :]
    shrunk = after[: after.index("close")]
    assert shrunk == ["time", "run"] * (len(shrunk) // 2), "each has the time of an attempt"
    assert after[after.index("close") + 1 :] == [f"name in {NAMING_SECONDS:g}"]


def test_a_failing_run_is_replayed_with_the_small_examples(world, judged, lab):
    submission = Submission({"softmax.py": BROKEN.encode()})
    first = judged(BROKEN, shrink=False)
    shrunk = judged(BROKEN)
    assert places(shrunk)[: len(places(first))] == places(first)
    assert places(shrunk)[len(places(first)) :] == [0], "the first of the second is its smallest"
    sized = replace(lab, sizes={"n": 5}, quick={"n": 2})
    again = replay(sized, submission, 3, shrunk.inputs, POOL)
    assert again.verdict is Verdict.FAILED
    assert (again.seed, again.claims) == (3, shrunk.claims)
    assert world.failures[-1].sizes == world.runners[-1].sizes == {"n": 5}


def test_a_claim_that_its_smallest_example_does_not_fail_again_keeps_its_finding(world, judged):
    judgement = judged(
        "seen = set()\n\n\ndef f(x):\n    known = x in seen\n    seen.add(x)\n"
        "    return x if x < 5 or known else -1\n"
    )
    assert judgement.claims[0].finding.call == "f(999)"
    assert judgement.claims[0].examples == 2


def test_the_whole_is_stopped_where_a_claim_is(world, judged):
    judgement = judged(
        "def f(x):\n    if x >= 1000:\n        raise Stopped('Too long.')\n    return 0\n"
    )
    assert judgement.verdict is Verdict.STOPPED
    assert judgement.reason == "Too long.\nThe claim: It is the same for large numbers."
    assert [(each.held, each.examples) for each in judgement.claims] == [
        (False, 2),
        (False, 0),
        (False, 0),
    ]
    assert judgement.inputs == b""
    assert judgement.printed == "printed"
    assert judgement.figures == {"cpu_seconds": 1.234568, "peak_mb": 20.0}
    assert "time" not in world.done, "nothing comes after the verdict"


def test_what_was_printed_before_a_limit_is_told_though_others_ran_after_it(world, judged):
    world.joins = True
    judgement = judged("def f(x):\n    raise Stopped('Too long.')\n")
    assert judgement.verdict is Verdict.STOPPED
    assert judgement.printed == "printed"


def test_what_is_stopped_while_it_is_loaded_is_told_with_the_first_claim(world, judged):
    judgement = judged("raise Stopped('Too long.')\n")
    assert judgement.verdict is Verdict.STOPPED
    assert json.dumps(judgement.as_json()["claims"]) == json.dumps(NOT_REACHED)
    assert judgement.reason == "Too long.\nThe claim: It is the same."


@pytest.mark.parametrize("where", ["", "def f(x):\n    "])
def test_what_does_not_load_fails_every_claim(world, judged, where):
    judgement = judged(f"{where}raise DoesNotLoad('No.', ('a frame',))\n")
    assert judgement.verdict is Verdict.FAILED
    assert (judgement.reason, judgement.frames) == ("No.", ("a frame",))
    assert judgement.printed == "printed"
    assert judgement.seconds == (1.0 if where else 0.0)
    assert json.dumps(judgement.as_json()["claims"]) == json.dumps(NOT_REACHED)
    assert "usage" not in world.done


@pytest.mark.parametrize(
    ("raised", "reason"),
    [
        ("Ours('The check broke.\\nMore of it.')", "The check broke."),
        ("error('out of range\\nby 1')", "IndexError: out of range\nby 1"),
    ],
)
def test_what_goes_wrong_with_us_is_no_verdict(world, judged, raised, reason):
    judgement = judged(f"def f(x):\n    raise {raised}\n")
    assert judgement.verdict is Verdict.UNJUDGED
    assert judgement.reason == reason
    assert judgement.trouble.startswith("Traceback")
    assert (judgement.claims, judgement.seconds) == ((), 1.0)


def test_content_that_is_broken_is_no_verdict(world, judged, lab):
    world.claims = ContentError("check-does-not-load", "It is broken.", path=lab.folder)
    judgement = judged(RIGHT)
    assert judgement.verdict is Verdict.UNJUDGED
    assert judgement.reason.endswith("check-does-not-load: It is broken.")


def test_what_is_missing_on_the_machine_is_raised(world, judged):
    world.claims = PrerequisiteError("It is missing.", "gradus install base")
    with pytest.raises(PrerequisiteError):
        judged(RIGHT)


# ── shrinking ──


@pytest.mark.parametrize("raised", ["Stopped('Late.')", "DoesNotLoad('No.')"])
def test_a_smaller_example_that_ends_it_leaves_the_finding_and_the_other_claims(
    world, judged, raised
):
    text = (
        "n = 0\n\n\ndef f(x):\n    global n\n    n += x < 1000\n"
        f"    if x < 1000 and n > 2:\n        raise {raised}\n"
        "    return x if n == 1 or x == 1000 else -1\n"
    )
    judgement = judged(text)
    assert judgement.verdict is Verdict.FAILED
    assert [each.finding.call for each in judgement.claims[:2]] == ["f(999)", "f(1001)"]


def test_a_claim_that_costs_much_is_not_shrunk_and_the_next_one_is(world, judged):
    world.claims = (same_once, same)
    judgement = judged("def f(x):\n    return x if x < 5 else 0\n")
    assert [name for name, _ in world.runners[0].ran].count("same_once") == 1
    assert judgement.claims[1].finding.call == "f(5)"


def test_what_is_wrong_on_our_side_while_shrinking_is_no_verdict(world, judged):
    judgement = judged(
        "n = 0\n\n\ndef f(x):\n    global n\n    n += x > 5\n"
        "    return x if x < 5 else -1 if n < 4 else 1 / 0\n"
    )
    assert judgement.verdict is Verdict.UNJUDGED


def test_nobody_shrinks_or_names_where_nobody_reads_it(world, judged):
    judgement = judged(BROKEN, shrink=False, name_mistakes=False)
    assert judgement.verdict is Verdict.FAILED
    assert world.done[-2:] == ["usage", "close"]
    assert judgement.figures == {"cpu_seconds": 1.234568, "peak_mb": 20.0}


# ── names ──


def test_a_name_is_asked_for_with_all_that_is_known(world, judged, lab):
    world.mistake = SimpleNamespace(name="zero", says="It is always 0.")
    text = "def f(x):\n    return x if x < 1000 else 0\n"
    sized = replace(lab, sizes={"n": 5, "m": 1}, quick={"n": 2})
    judgement = judged(text, of=sized, naming_seconds=2.5, quick=True)
    assert (judgement.mistake, judgement.mistake_says) == ("zero", "It is always 0.")
    assert world.done[-1] == "name in 2.5"
    (failure,) = world.failures
    assert (failure.lab, failure.seed, failure.failed) == (sized, 3, {1, 2})
    assert failure.specification.claims == CLAIMS
    assert failure.submission == Submission({"softmax.py": text.encode()})
    assert [place for place, _ in failure.inputs] == places(judgement)
    assert failure.sizes == world.runners[0].sizes == {"n": 2, "m": 1}


def test_sizes_are_whole_unless_it_has_to_be_quick(world, judged, lab):
    judged(RIGHT, of=replace(lab, sizes={"n": 5}, quick={"n": 2}))
    assert world.runners[0].sizes == {"n": 5}


def test_a_mistake_that_is_not_known_has_no_name(world, judged):
    judgement = judged(BROKEN)
    assert (judgement.mistake, judgement.mistake_says) == (None, "")
    assert judgement.figures["naming_seconds"] == 7.0


# ── one claim ──


@pytest.mark.parametrize(("naming", "asked"), [(Naming.BEHAVIOUR, 1), (Naming.PATTERN, 0)])
def test_one_claim_is_judged_on_the_inputs_of_the_whole(world, judged, lab, naming, asked):
    text = "def f(x):\n    return x if x == 1000 else 0\n"
    whole = judged(text, shrink=False, name_mistakes=False)
    of = replace(lab, naming=naming)
    one = judged(text, of=of, by=judge_claim, claim="same_when_large")
    (outcome,) = one.claims
    assert outcome.sentence == "It is the same for large numbers."
    assert places(one) == [1] * 15
    drawn = [each for each in unpack(whole.inputs) if each[0] == 1]
    assert unpack(one.inputs)[:14] == drawn
    assert len(world.failures) == asked
    again = replay(
        of, Submission({"softmax.py": text.encode()}), 3, one.inputs, POOL, "same_when_large"
    )
    assert again.claims == one.claims


def test_a_claim_of_another_name_is_no_verdict(world, judged):
    assert judged(RIGHT, by=judge_claim, claim="other").reason == (
        "check.py has no claim named other"
    )


def test_a_replay_that_has_nothing_for_a_claim_is_no_verdict(world, lab):
    first = judge(lab, Submission({"softmax.py": BROKEN.encode()}), seed=3, pool=POOL)
    some = pack([each for each in unpack(first.inputs) if each[0] != 2])
    judgement = replay(lab, Submission({"softmax.py": RIGHT.encode()}), 3, some, POOL)
    assert judgement.verdict is Verdict.UNJUDGED
    assert judgement.reason == "a claim was never run"


def test_another_seed_draws_other_inputs(world, judged):
    drawn = {judged(BROKEN, seed=seed, shrink=False).inputs for seed in (1, 2, 2)}
    assert len(drawn) == 2


def test_what_is_shared_is_asked_first(world, judged, lab, monkeypatch):
    known = Shared(lab)
    monkeypatch.setattr(Shared, "finding", lambda self, runner, claim, example: None)
    assert judged(BROKEN, shared=known).verdict is Verdict.PASSED
