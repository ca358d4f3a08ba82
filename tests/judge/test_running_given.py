"""What a claim is given, what is kept of an example, and whose fault it is."""

import tempfile
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from gradus.catalogue import load_lab
from gradus.check import claim, diagnostic, draw
from gradus.check.far import Unmet
from gradus.check.margins import margins, note
from gradus.core.lab import EntryKind
from gradus.core.verdict import Finding
from gradus.judge.examples import Example, draw_examples
from gradus.judge.running import Attempted
from gradus.judge.trouble import DoesNotLoad, Ours, Stopped
from gradus.sandbox.child import Child
from gradus.sandbox.outcomes import Usage

from .counting import COUNTS, goes_on, has_run, is_fresh

LABS = Path(__file__).parents[1] / "labs"


def run(runner, of, n=1, **how):
    """Run a claim's first examples; return what became of the last."""
    return [runner.run(of, each, **how) for each in islice(draw_examples(of, 0, 0), n)][-1]


# ── what a claim is given ──


def test_what_a_claim_changes_comes_as_it_was_drawn_to_the_next_run(runner_of):
    @claim("It is asked.", examples=1, x=draw.just([1, 2]))
    def asks(work, x):
        assert x == [1, 2]
        x.append(3)

    runner, example = runner_of(COUNTS), next(draw_examples(asks, 0, 0))
    assert runner.run(asks, example) == runner.run(asks, example) == Attempted(None)


def test_hidden_numbers_are_what_they_have_always_been(runner_of):
    """A stored run that failed is replayed with them."""
    seen = []

    @claim("It is asked.", examples=1)
    def asks(work, rng):
        seen.append(rng.integers(1000, size=3).tolist())

    for entropy in ((0, 0, 0), (0, 0, 1), (5, 0, 0)):
        runner_of(COUNTS).run(asks, Example({}, {}, entropy))
    assert seen == [[133, 128, 797], [709, 166, 683], [893, 75, 402]]


def test_what_a_claim_does_to_case_and_sizes_is_undone(runner_of):
    seen = []

    @claim("It is asked.", examples=2)
    def asks(folder, case, sizes):
        seen.append((dict(case), dict(sizes)))
        case.clear()
        sizes.clear()

    own = load_lab(LABS / "labs" / "own-case", LABS)
    sizes = {"n_rows": 9}
    run(runner_of("total = 1", "answers.toml", EntryKind.FOLDER, of=own, sizes=sizes), asks, 2)
    assert seen[0] == seen[1]
    assert set(seen[0][0]) == {"total"}
    assert seen[0][1] == sizes == {"n_rows": 9}


def test_a_reader_sees_the_folder_anew_for_each_example(runner_of):
    own = load_lab(LABS / "labs" / "own-case", LABS)

    @claim("The total becomes 8.", examples=1)
    def changes(folder, place, reader):
        place.write("answers.toml", b"total = 8")
        reader.total().must_equal(8)

    @claim("The total is 7.", examples=1)
    def is_read(folder, reader):
        folder.text("answers.toml").must_equal("total = 7")
        reader.total().must_equal(7)

    runner = runner_of("total = 7", "answers.toml", EntryKind.FOLDER, of=own)
    assert [run(runner, each).finding for each in (changes, is_read)] == [None, None]


def test_another_process_and_the_whole_module_are_given(runner_of, pool, monkeypatch):
    made, make = [], pool.child

    def noted(*given):
        made.append(make(*given))
        return made[-1]

    @claim("Both count.", examples=1)
    def both_count(count, module, another):
        count().must_equal(1)
        module.count().must_equal(2)
        another().must_equal(1)

    monkeypatch.setattr(pool, "child", noted)
    runner = runner_of(COUNTS, kind=EntryKind.FUNCTION, names=("count",))
    assert run(runner, both_count).finding is None
    assert [each.closed for each in made] == [False, True]


@pytest.mark.parametrize("first", [True, False])
def test_what_ends_any_of_the_processes_is_found(runner_of, first):
    @claim("Both go on.", examples=1)
    def both_go_on(work, another):
        (work if first else another).leaves(3)
        (another if first else work).count()

    runner = runner_of(COUNTS, path="work.py", names=("leaves",))
    assert "exit status 3" in run(runner, both_go_on).finding.returned


def test_code_that_a_claim_imports_later_and_that_does_not_load_is_a_finding(runner_of):
    @claim("It is imported.", examples=1)
    def is_imported(folder):
        folder.module("work").count()

    runner = runner_of("import nothing_of_that_name\n", kind=EntryKind.FOLDER)
    attempted = run(runner, is_imported, traced=True)
    finding = attempted.finding
    assert (finding.call, finding.expected) == ("is_imported", "code that loads")
    assert finding.returned.startswith("work.py does not load: ModuleNotFoundError")
    assert len(finding.frames) == 1
    assert attempted.trace == (("does not load", None, None),)
    with pytest.raises(DoesNotLoad):
        run(runner_of("import nothing_of_that_name\n"), is_fresh)


def test_code_that_does_not_load_after_a_call_is_told_with_that_call(runner_of):
    @claim("It is imported again.", examples=1)
    def is_imported_again(folder, place):
        folder.module("work").count().must_equal(1)
        place.write("work.py", b"1 +")
        place.module("work")

    finding = run(runner_of(COUNTS, kind=EntryKind.FOLDER), is_imported_again).finding
    assert finding.call == "count()"
    assert finding.returned.startswith("work.py does not load: SyntaxError")


def test_answers_are_read_without_a_process(runner_of, pool, monkeypatch):
    monkeypatch.setattr(pool, "child", None)

    @claim("Q1 is 2.", examples=1)
    def knows(answers):
        answers.q1.must_equal(2)

    runner = runner_of("q1 = 1\n", "answers.toml", EntryKind.ANSWERS)
    finding = run(runner, knows).finding
    assert (finding.call, finding.returned, finding.expected) == ("q1", "1", "2")
    runner.give_time()
    assert run(runner, knows).finding == finding


# ── what is kept of an example ──


def test_a_trace_holds_every_answer_where_it_was_asked_for(runner_of):
    runner = runner_of(COUNTS)
    assert run(runner, is_fresh) == Attempted(None)
    assert [(op, kind) for op, _, kind in run(runner, has_run, traced=True).trace] == [
        ("get", None),
        ("call", None),
    ]
    assert run(runner, goes_on).trace == ()
    trace = run(runner, is_fresh, traced=True).trace
    assert trace[-1] == ("call", 1, None)
    assert [op for op, *_ in run(runner, goes_on, traced=True).trace] == ["get", "ended"]


def test_objects_of_examples_side_by_side_are_gone_for_the_next(runner_of):
    @claim("It is made.", examples=10, x=draw.integers(0, 9))
    def is_made(work, x):
        work.Made().must_be_a("Made")

    @claim("None is left.", examples=1)
    def none_is_left(work):
        work.count().must_equal(0)

    runner = runner_of(
        "import weakref\n\nmade = weakref.WeakSet()\n\n\nclass Made:\n"
        "    def __init__(self):\n        made.add(self)\n\n\n"
        "def count():\n    return len(made)\n"
    )
    runner.hold([(is_made, each) for each in islice(draw_examples(is_made, 0, 0), 3)])
    assert run(runner, none_is_left).finding is None


def test_each_comparison_is_noted_under_its_claim(runner_of):
    @claim("It is small.", examples=1)
    def is_small(work):
        note("a half", 0.5, None, 1.0)

    with margins() as noted:
        run(runner_of(COUNTS), is_small)
    assert [each.claim for each in noted] == ["It is small."]


def test_what_was_asked_for_is_known_of_the_last_example_only(runner_of):
    runner = runner_of(COUNTS)
    run(runner, is_fresh)
    asked = runner.asked()
    assert asked == {"count"}

    @claim("Nothing.", examples=1)
    def asks_nothing(work):
        pass

    run(runner, asks_nothing)
    assert asked == {"count"}
    assert runner.asked() == frozenset()


def test_queries_are_known_by_their_names(runner_of):
    runner = runner_of("SELECT 1", "one.sql", EntryKind.SQL)
    assert runner.texts() == {"one": b"SELECT 1"}
    assert runner_of(COUNTS).texts() == {}


def test_what_all_processes_used_is_told(runner_of, monkeypatch):
    used = [Usage(2.0, 30.0)]
    monkeypatch.setattr(Child, "usage", lambda self: used[0])
    runner = runner_of(COUNTS)
    run(runner, goes_on)
    assert runner.usage() == (2.0, 30.0)
    used[0] = Usage(0.5, 10.0)
    run(runner, is_fresh)
    assert runner.usage() == (2.5, 30.0)
    used[0] = Usage(0.5, 40.0)
    assert runner.usage() == (2.5, 40.0)


def test_what_was_printed_is_told(runner_of):
    runner = runner_of("print('here')\n")
    runner.load()
    assert runner.printed() == "here\n"


def test_nothing_is_left_when_it_is_closed(runner_of, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    runner = runner_of(COUNTS)
    run(runner, is_fresh)
    assert list(tmp_path.iterdir())
    runner.close()
    assert not list(tmp_path.iterdir())


# ── whose fault it is ──


def test_a_claim_that_breaks_is_ours(runner_of):
    @claim("It breaks.", examples=1)
    def breaks(work):
        {}["x"]

    with pytest.raises(Ours, match=r"^claim breaks: KeyError: 'x'$"):
        run(runner_of(COUNTS), breaks)


def test_what_is_ours_stays_as_it_is(runner_of):
    @claim("It breaks.", examples=1)
    def breaks(work):
        raise Ours("the reader broke")

    with pytest.raises(Ours, match=r"^the reader broke$"):
        run(runner_of(COUNTS), breaks)


def test_numbers_of_a_claim_that_are_no_numbers_warn_nobody(runner_of):
    @claim("It computes.", examples=1)
    def computes(work):
        work.count().must_equal(1)
        assert np.isnan(np.log(np.float64(-1.0)))

    assert run(runner_of(COUNTS), computes).finding is None


def seen_by(runner, look):
    return runner.diagnose(diagnostic("one")(look), Example({}, {}, (1, 2, 3)))


def test_a_look_that_sees_its_mark_says_so(runner_of):
    runner = runner_of(COUNTS)
    assert seen_by(runner, lambda work: work.count().as_value()) is True
    assert seen_by(runner, lambda work: work.count().as_value() - 2) is False
    assert seen_by(runner, lambda work, rng: rng.integers(9) < 9) is True


@pytest.mark.parametrize(
    "look", [lambda work: work.leaves(3).as_value(), lambda work: work.count().as_value()["x"]]
)
def test_work_that_breaks_under_a_look_has_no_mark_and_begins_anew(runner_of, look):
    runner = runner_of(COUNTS)
    run(runner, is_fresh)
    assert seen_by(runner, look) is False
    assert run(runner, is_fresh).finding is None


def test_a_call_that_a_look_began_and_left_is_waited_for(runner_of):
    def leaves(work):
        work.leaves(3)
        return True

    runner = runner_of(COUNTS)
    assert seen_by(runner, leaves) is False
    assert seen_by(runner, lambda work: work.count().as_value() == 1) is True


def test_a_look_leaves_nothing_behind_for_the_next(runner_of):
    def finds(work, place):
        found = place.has("a").as_value()
        place.write("a", b"")
        return found

    runner = runner_of(COUNTS)
    assert [seen_by(runner, finds) for _ in range(2)] == [False, False]


def test_a_look_has_the_time_of_an_attempt(runner_of, monkeypatch):
    runner = runner_of(COUNTS)
    given = []
    monkeypatch.setattr(runner, "give_time", lambda: given.append(1))
    seen_by(runner, lambda work: True)
    assert given == [1]


def test_a_look_that_is_stopped_by_us_is_ours(runner_of):
    def breaks(work):
        raise Ours("the reader broke")

    with pytest.raises(Ours):
        seen_by(runner_of(COUNTS), breaks)


def test_a_finding_has_plain_words(runner_of):
    @claim("It is silent.", examples=1)
    def is_silent(work):
        raise Unmet(Finding("says()", "\x1b[2J"))

    assert run(runner_of(COUNTS), is_silent).finding == Finding("says()", "\\x1b[2J")


def test_a_limit_that_no_process_of_the_work_hit_is_told_alone(runner_of):
    @claim("It is read in time.", examples=1)
    def is_read_in_time(answers):
        raise Stopped("Late.")

    with pytest.raises(Stopped, match=r"^Late\.$"):
        run(runner_of("q1 = 1\n", "answers.toml", EntryKind.ANSWERS), is_read_in_time)
