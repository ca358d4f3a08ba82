"""Running: what comes after the verdict has time of its own, whatever became of the process."""

from pathlib import Path

import pytest

from gradus.catalogue import load_lab
from gradus.check.far import Unmet
from gradus.core.submission import Submission
from gradus.judge.bench import Bench
from gradus.judge.examples import draw_examples
from gradus.judge.running import Runner
from gradus.judge.specification import load_specification
from gradus.judge.trouble import Stopped

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
