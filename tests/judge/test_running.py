"""Running: what comes after the verdict has time of its own, whatever became of the process."""

from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from gradus.catalogue import load_lab
from gradus.check import Claim, claim, draw
from gradus.check.far import Unmet
from gradus.check.margins import margins
from gradus.core.lab import EntryKind
from gradus.core.submission import Submission
from gradus.core.verdict import Finding
from gradus.judge import running
from gradus.judge.bench import Bench
from gradus.judge.examples import draw_examples
from gradus.judge.far_child import ChildFar
from gradus.judge.running import Attempted, Runner
from gradus.judge.specification import load_specification
from gradus.judge.together import Ran
from gradus.judge.trouble import DoesNotLoad, Stopped

from .counting import COUNTS, goes_on, has_run, is_fresh

LABS = Path(__file__).parents[1] / "labs"
DIES = b"import os\n\n\ndef softmax(x):\n    os._exit(3)\n"


@pytest.fixture
def after_death(lab, pool, clock):
    """A runner whose process died, when the time of the attempt is over; its claim and example."""
    claim = load_specification(lab).claims[0]
    example = next(iter(draw_examples(claim, 0, 0)))
    runner = Runner(lab, Submission({"softmax.py": DIES}), pool, {})
    assert runner.run(claim, example).finding is not None
    clock.seconds += 2 * lab.limits.wall_seconds
    yield runner, claim, example
    runner.close()


def test_dying_buys_no_time_for_the_attempt(after_death):
    runner, claim, example = after_death
    with pytest.raises(Stopped):
        runner.run(claim, example)


def test_what_comes_after_the_verdict_has_time_after_a_death_too(after_death):
    runner, claim, example = after_death
    runner.give_time()
    assert runner.run(claim, example).finding is not None


def test_a_command_that_nobody_runs_starts_no_process(pool):
    lab = load_lab(LABS / "labs" / "count-words", LABS)
    bench = Bench(lab, Submission({"count.py": b"print(1)\n"}), pool)
    try:
        command = bench.work()
        assert command.text("count.py").as_value() == "print(1)\n"
        assert bench.children() == []
        assert command.run().as_value()["stdout"] == "1\n"
        assert len(bench.children()) == 1
    finally:
        bench.close()


COUNTING = b"""
runs = []


def count():
    runs.append(1)
    return len(runs)
"""


@pytest.fixture
def folder(pool):
    """The folder of a submission whose module counts its own calls."""
    lab = load_lab(LABS / "labs" / "own-case", LABS)
    bench = Bench(lab, Submission({"counting.py": COUNTING}), pool)
    yield bench.work()
    bench.close()


def test_a_module_of_a_folder_is_imported_once_in_a_child(folder):
    assert folder.module("counting").count().as_value() == 1
    assert folder.module("counting").count().as_value() == 2


def test_a_module_of_a_folder_outlives_the_example(folder):
    module = folder.module("counting")
    assert module.count().as_value() == 1
    module._far.release()
    assert folder.module("counting").count().as_value() == 2


def test_what_a_module_lacks_is_a_finding_each_time(folder):
    for _ in range(2):
        with pytest.raises(Unmet, match="AttributeError"):
            folder.module("counting").other()


# ── a claim at a time, on work in a child ──


@claim("It doubles.", examples=10, x=draw.integers(2, 9))
def doubles(work, x):
    work.twice(x).must_equal(2 * x)


@claim("It comes to an end.", examples=1)
def ends(work):
    work.spins()


def first(of, seed=0):
    """Return the first example of a claim."""
    return next(iter(draw_examples(of, seed, 0)))


def test_what_was_handed_in_is_loaded_once(runner_of):
    runner = runner_of(COUNTS)
    runner.load()
    assert runner.run(is_fresh, first(is_fresh)) == Attempted(None)
    runner.load()
    assert runner.run(has_run, first(has_run)).finding is None


def test_loading_is_begun_before_anybody_waits_for_it(runner_of, pool, monkeypatch):
    made, make = [], pool.child

    def noted(*given):
        made.append(make(*given))
        return made[-1]

    monkeypatch.setattr(pool, "child", noted)
    runner, more = runner_of(COUNTS), lambda: True
    runner.start()
    assert len(made) == 1
    runner.meanwhile = more
    runner.load()
    assert made[0].channel.meanwhile is more, "done while it is waited for"
    assert len(made) == 1
    runner.close()
    assert made[0].closed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import os\nos._exit(3)\n", "exit status 3. That was while it was loaded."),
        ("def other():\n    pass\n", "work.py does not define count."),
    ],
)
def test_what_does_not_load_says_why(runner_of, text, said):
    with pytest.raises(DoesNotLoad) as told:
        runner_of(text, names=("count",)).load()
    assert told.value.reason.endswith(said)


def test_answers_that_cannot_be_read_are_told_in_plain_words(runner_of):
    runner = runner_of('"\x1b[2J" = 1\n"\x1b[2J" = 2\n', "a\x1b.toml", EntryKind.ANSWERS)
    with pytest.raises(DoesNotLoad) as told:
        runner.load()
    assert told.value.reason.startswith("a\\x1b.toml: not TOML: ")
    assert runner.usage() == (0.0, 0.0)
    assert runner.asked() == frozenset()


def test_what_ends_its_process_is_told_by_its_call_and_the_next_is_fresh(runner_of):
    runner = runner_of(COUNTS)
    runner.run(is_fresh, first(is_fresh))
    attempted = runner.run(goes_on, first(goes_on))
    said = "The code ended its own process with exit status 3."
    assert attempted == Attempted(Finding("leaves(3)", said, "an answer"))
    assert runner.run(is_fresh, first(is_fresh)).finding is None


def test_what_ends_its_process_under_no_call_is_told_by_the_claim(runner_of):
    @claim("It lasts.", examples=1)
    def lasts(work):
        _ = work.other

    runner = runner_of(COUNTS + "\n\ndef __getattr__(name):\n    import os\n    os._exit(4)\n")
    runner.run(doubles, first(doubles))
    finding = runner.run(lasts, first(lasts)).finding
    assert (finding.call, finding.expected) == ("lasts", "an answer")


def test_a_call_that_nobody_looked_at_is_waited_for_and_told_by_its_words(runner_of, clock, lab):
    @claim("It counts, then goes.", examples=1)
    def counts_then_goes(work):
        counted = work.count()
        counted.must_equal(1)
        work.leaves(3)
        went_on.append(work)
        counted.must_equal(0)

    @claim("It counts, then spins.", examples=1)
    def counts_then_spins(work):
        spins, counted = work.spins, work.count()
        counted.must_equal(1)
        clock.seconds += lab.limits.wall_seconds - 0.1
        spins()
        counted.must_equal(0)

    runner, went_on = runner_of(COUNTS), []
    for traced in (False, True):
        finding = runner.run(counts_then_goes, first(counts_then_goes), traced).finding
        assert finding.call == "leaves(3)"
        assert len(went_on) == 1, "while a trace is taken each call is waited for"
    assert runner.run(is_fresh, first(is_fresh)).finding is None
    runner.start_over()
    with pytest.raises(Stopped, match=r"That was in spins\(\)\.$"):
        runner.run(counts_then_spins, first(counts_then_spins))


def test_a_limit_is_told_with_the_call_that_hit_it(runner_of, clock, lab):
    @claim("It doubles in time.", examples=1)
    def doubles_in_time(work):
        double = work.twice
        clock.seconds += lab.limits.wall_seconds
        double(4).must_equal(8)

    with pytest.raises(Stopped) as told:
        runner_of(COUNTS).run(doubles_in_time, first(doubles_in_time))
    assert str(told.value) == "It was still running after 4 seconds. That was in twice(4)."


def test_a_limit_that_is_hit_between_calls_is_told_alone(after_death):
    runner, claim, example = after_death
    with pytest.raises(Stopped) as told:
        runner.run(claim, example)
    assert str(told.value) == "It was still running after 4 seconds."


def test_after_a_limit_there_is_a_new_process_for_what_comes_after(runner_of, clock, lab):
    runner = runner_of(COUNTS)
    runner.run(is_fresh, first(is_fresh))
    clock.seconds += lab.limits.wall_seconds - 0.1
    with pytest.raises(Stopped):
        runner.run(ends, first(ends))
    runner.give_time()
    assert runner.run(is_fresh, first(is_fresh)).finding is None


def test_a_process_that_has_used_little_goes_on_after_the_verdict(
    runner_of, lab, clock, monkeypatch
):
    used = [1.0]
    monkeypatch.setattr(running, "time", clock)
    monkeypatch.setattr(ChildFar, "usage", lambda self: (used[0], 1e9))
    runner = runner_of(COUNTS, of=replace(lab, limits=replace(lab.limits, seconds=2.0)))
    runner.run(is_fresh, first(is_fresh))
    runner.give_time()
    used[0] = 2.0
    runner.give_time()
    assert runner.run(has_run, first(has_run)).finding is None
    clock.seconds = 0.1
    runner.give_time()
    assert runner.run(is_fresh, first(is_fresh)).finding is None
    clock.seconds, used[0] = 0.2, 1.2
    runner.give_time()
    assert runner.run(is_fresh, first(is_fresh)).finding is None


def test_it_is_looked_at_now_and_then_what_a_process_has_used(runner_of, clock, monkeypatch):
    looks = []
    monkeypatch.setattr(running, "time", clock)
    monkeypatch.setattr(ChildFar, "usage", lambda self: (looks.append(clock.seconds) or 0.0, 0.0))
    runner = runner_of(COUNTS)
    runner.run(is_fresh, first(is_fresh))
    for clock.seconds in (5.0, 5.05, 5.1, 5.15, 5.3):
        runner.give_time()
    assert looks == [5.0, 5.1, 5.3]


def test_what_comes_after_the_verdict_has_the_time_of_an_attempt(runner_of, clock, lab):
    runner = runner_of(COUNTS)
    runner.run(is_fresh, first(is_fresh))
    clock.seconds += 2 * lab.limits.wall_seconds
    runner.give_time()
    assert runner.run(has_run, first(has_run)).finding is None


# ── which examples run side by side ──


def claiming(*given):
    return Claim("A claim.", (), 10, (), given, lambda work: None)


@pytest.mark.parametrize("kind", list(EntryKind))
def test_only_code_is_asked_side_by_side(runner_of, kind):
    assert runner_of(COUNTS, kind=kind).may_join(claiming()) == (kind in ("function", "module"))


@pytest.mark.parametrize(
    ("claim", "joins"),
    [
        (claiming("rng", "case", "sizes", "module"), True),
        *[(claiming(each), True) for each in ("rng", "case", "sizes", "module")],
        *[(claiming("rng", each), False) for each in ("reader", "another", "place")],
    ],
)
def test_claims_join_that_share_nothing(runner_of, claim, joins):
    assert runner_of(COUNTS).may_join(claim) == joins


@pytest.mark.parametrize(("n", "joins"), [(1, False), (9, False), (10, True), (30, True)])
def test_a_claim_of_few_examples_runs_them_one_by_one(runner_of, n, joins):
    assert runner_of(COUNTS).may_join(replace(claiming(), examples=n)) == joins


def test_nothing_joins_where_somebody_notes_what_is_observed(runner_of):
    runner = runner_of(COUNTS)
    with margins():
        assert not runner.may_join(claiming())
    assert runner.may_join(claiming())


def test_each_example_side_by_side_is_told_apart(runner_of):
    runner = runner_of(COUNTS.replace("2 * x", "2 * x if x > 2 else 0"))
    tests = [(doubles, each) for each in islice(draw_examples(doubles, 0, 0), 4)]
    right = [each.values["x"] > 2 for _, each in tests]
    assert len(set(right)) == 2
    assert [each.held for each in runner.hold(tests)] == right
    assert runner.may_join(doubles)
    assert runner.left_over(doubles) is None


def test_a_finding_side_by_side_has_plain_words(runner_of):
    @claim("It is silent.", examples=1)
    def is_silent(work):
        raise Unmet(Finding("says()", "\x1b[2J"))

    silent, plain = (is_silent, first(is_silent)), Finding("says()", "\\x1b[2J")
    held = runner_of(COUNTS).hold([silent, (is_fresh, first(is_fresh)), silent])
    assert [each.unmet for each in held] == [plain, None, plain]


def test_what_ended_examples_side_by_side_is_left_over(runner_of):
    runner = runner_of(COUNTS)
    runner.run(is_fresh, first(is_fresh))
    assert runner.hold([(goes_on, first(goes_on))] * 2) == [Ran(), Ran()]
    assert not runner.may_join(doubles), "from then on one by one"
    assert runner.run(is_fresh, first(is_fresh)).finding is None
    said = "The code ended its own process with exit status 3."
    assert runner.left_over(doubles) == Finding("doubles", said, "an answer")


def test_a_limit_that_was_hit_side_by_side_is_left_over(runner_of, clock, lab):
    runner = runner_of(COUNTS)
    runner.load()
    clock.seconds += lab.limits.wall_seconds - 0.1
    assert runner.hold([(ends, first(ends))]) == [Ran()]
    with pytest.raises(Stopped, match=r"The code was still running after 0\.1 seconds\."):
        runner.left_over(doubles)
