"""What runs alone and what side by side, and what is kept of it, on a runner of our own."""

from dataclasses import dataclass, field

import pytest

from gradus.check import Claim
from gradus.core.verdict import Finding
from gradus.judge.ahead import Ahead
from gradus.judge.course import STRETCH, Course, stretches
from gradus.judge.examples import CHEAP, Example
from gradus.judge.running import Attempted
from gradus.judge.together import Ran
from gradus.judge.trouble import Stopped

ALWAYS = 99


@dataclass
class Laid:
    """A runner for which it is laid down what comes of each example; it notes what it ran."""

    joins: str = "abc"
    """The claims whose examples may run side by side."""
    wrong: dict[str, int] = field(default_factory=dict)
    """How often an example is wrong when it runs alone, before it is right."""
    beside: str = ""
    """The examples that do not hold beside others."""
    by_one_call: str = ""
    """Those of them that show what they found by one call alone."""
    calls_again: str = ""
    """The examples that call more than once."""
    endless: str = ""
    """The examples that come to no end."""
    left: Finding | Stopped | None = None
    """What ended examples side by side."""
    asks: dict[str, int] = field(default_factory=dict)
    """How often an example asks the child; others ask once."""
    ran: list[str] = field(default_factory=list)
    n_asked: int = 0

    def may_join(self, claim):
        return claim.sentence in self.joins

    def run(self, claim, example):
        name = _name(claim, example)
        self.ran.append(name)
        self.n_asked += self.asks.get(name, 1)
        if name in self.endless.split():
            raise Stopped(f"{name} does not end")
        self.wrong[name] = self.wrong.get(name, 0) - 1
        return Attempted(Finding(f"{name}()", "no") if self.wrong[name] >= 0 else None)

    def hold(self, tests):
        names = [_name(*each) for each in tests]
        self.ran.append(" ".join(names))
        again = self.calls_again.split()
        found = {each: Finding(f"{each}() beside", "no") for each in self.by_one_call.split()}
        return [
            Ran(each not in self.beside.split(), 1 + (each in again), unmet=found.get(each))
            for each in names
        ]

    def left_over(self, claim):
        self.ran.append(f"left over of {claim.sentence}")
        if isinstance(self.left, Stopped):
            raise self.left
        return self.left

    def start_over(self):
        self.ran.append("start over")

    def printed(self):
        return f"printed by {self.ran[-1]}"


def _name(claim, example):
    assert example.values["claim"] == claim.sentence
    return f"{claim.sentence}{example.values['number']}"


def a_course(runner, *n_drawn, examples=CHEAP, shared=None):
    """Run claims that are called a, b and so on, whose examples are a0, a1 and so on."""
    claims = [
        Claim(name, (), examples, (), (), lambda work: None) for name in "abc"[: len(n_drawn)]
    ]

    def drawn(claim, place):
        for number in range(n_drawn[place]):
            values = {"claim": claim.sentence, "number": number}
            yield Example(values, {}, (place, number))

    course = Course(claims, runner, shared)
    try:
        course.run(Ahead(claims, drawn))
    except Stopped as error:
        runner.ran.append(str(error))
    return course


def outcomes(course):
    found = [f" {each.finding.call}" if each.finding else "" for each in course.outcomes]
    return [
        f"{each.sentence} {each.held} {each.examples}{call}"
        for each, call in zip(course.outcomes, found, strict=True)
    ]


def inputs(course):
    return " ".join(_name(course.claims[place], each) for place, each in course.inputs)


def failing(course):
    return {
        course.claims[place].sentence: _name(course.claims[place], each)
        for place, each in course.failing.items()
    }


def test_the_first_of_each_claim_runs_alone_and_the_others_side_by_side():
    runner = Laid()
    course = a_course(runner, 3, 2, 1)
    assert runner.ran == ["a0", "b0", "c0", "a1 a2 b1", "left over of c"]
    assert outcomes(course) == ["a True 3", "b True 2", "c True 1"]
    assert inputs(course) == "a0 a1 a2 b0 b1 c0"
    assert failing(course) == {}
    assert course.printed == ""


def test_claims_whose_first_asks_more_come_before_others_side_by_side():
    runner = Laid(asks={"a0": 2, "b0": 1, "c0": 3}, beside="b1")
    a_course(runner, 2, 2, 2)
    assert runner.ran[:5] == ["a0", "b0", "c0", "c1 a1 b1", "c1 a1"]


def test_claims_come_in_their_order_where_one_among_them_does_not_join():
    runner = Laid(joins="ac")
    course = a_course(runner, 2, 2, 2)
    assert runner.ran == ["a0", "a1", "left over of a", "b0", "b1", "c0", "c1", "left over of c"]
    assert outcomes(course) == ["a True 2", "b True 2", "c True 2"]
    assert inputs(course) == "a0 a1 b0 b1 c0 c1"


def test_a_cheap_claim_that_fails_runs_no_more_and_keeps_all_its_inputs():
    runner = Laid(joins="", wrong={"a1": ALWAYS, "a2": ALWAYS})
    course = a_course(runner, 4, 1)
    assert runner.ran == ["a0", "a1", "b0"]
    assert outcomes(course) == ["a False 2 a1()", "b True 1"]
    assert inputs(course) == "a0 a1 a2 a3 b0", "a mistake is named by all of them"
    assert failing(course) == {"a": "a1"}


def test_a_costly_claim_that_fails_draws_no_more():
    runner = Laid(joins="", wrong={"a1": ALWAYS})
    course = a_course(runner, 4, 1, examples=CHEAP - 1)
    assert runner.ran == ["a0", "a1", "b0"]
    assert outcomes(course) == ["a False 2 a1()", "b True 1"]
    assert inputs(course) == "a0 a1 b0"
    assert failing(course) == {"a": "a1"}


def test_a_costly_claim_that_holds_runs_to_its_end():
    course = a_course(Laid(joins=""), 4, examples=CHEAP - 1)
    assert outcomes(course) == ["a True 4"]
    assert inputs(course) == "a0 a1 a2 a3"


def test_a_claim_that_is_unsure_runs_one_by_one_and_the_others_without_it():
    runner = Laid(beside="a2 b1", wrong={"b1": ALWAYS}, calls_again="a1 c1")
    course = a_course(runner, 3, 3, 3)
    assert runner.ran == [
        *("a0", "b0", "c0", "a1 a2 b1 b2 c1 c2", "c1 c2"),
        *("a0", "a1", "a2"),
        *("b0", "b1"),
        *("c1",),
    ]
    assert outcomes(course) == ["a True 3", "b False 2 b1()", "c True 3"]
    assert inputs(course) == "a0 a1 a2 b0 b1 b2 c0 c1 c2"
    assert failing(course) == {"b": "b1"}


def test_the_last_example_that_calls_again_runs_alone_too():
    runner = Laid(calls_again="a1 a3", wrong={"a3": ALWAYS})
    course = a_course(runner, 5)
    assert runner.ran == ["a0", "a1 a2 a3 a4", "a3", "a0", "a1", "a2", "a3"]
    assert outcomes(course) == ["a False 4 a3()"]
    assert inputs(course) == "a0 a1 a2 a3 a4"


@pytest.mark.parametrize("once", ["a0", "a2"])
def test_what_was_wrong_once_counts_where_it_does_not_come_again(once):
    course = a_course(Laid(calls_again="a2", wrong={once: 1}), 4)
    assert outcomes(course) == [f"a False 4 {once}()"]
    assert inputs(course) == "a0 a1 a2 a3"
    assert failing(course) == {"a": once}


def test_what_was_wrong_beside_others_counts_where_it_does_not_come_again():
    runner = Laid(beside="a1 a2 b2", by_one_call="a2 a3 b1", calls_again="b1")
    course = a_course(runner, 4, 3)
    assert outcomes(course) == ["a False 4 a2() beside", "b True 3"]
    assert inputs(course) == "a0 a1 a2 a3 b0 b1 b2"
    assert failing(course) == {"a": "a2"}


def test_what_was_wrong_beside_others_is_told_as_it_was_alone():
    course = a_course(Laid(beside="a1", by_one_call="a1", wrong={"a2": ALWAYS}), 4)
    assert outcomes(course) == ["a False 3 a2()"]
    assert failing(course) == {"a": "a2"}


def test_what_comes_again_is_told_where_it_came_again():
    course = a_course(Laid(wrong={"a0": 1, "a2": ALWAYS}), 4)
    assert outcomes(course) == ["a False 3 a2()"]
    assert failing(course) == {"a": "a2"}


def test_one_that_does_not_end_ends_the_attempt_after_those_before_it():
    runner = Laid(endless="b0")
    course = a_course(runner, 3, 3, 3)
    assert runner.ran == ["a0", "b0", "start over", "a1 a2", "b0 does not end"]
    assert outcomes(course) == ["a True 3"]
    assert course.printed == "printed by b0"


@pytest.mark.parametrize("joins", ["", "abc"])
def test_where_the_first_claim_does_not_end_nothing_is_known(joins):
    course = a_course(Laid(joins=joins, endless="a0"), 3, 3)
    assert outcomes(course) == []
    assert failing(course) == {}


def test_what_ended_examples_side_by_side_alone_is_told_of_the_last_claim():
    course = a_course(Laid(left=Finding("c", "exit status 3")), 2, 2, 3)
    assert outcomes(course) == ["a True 2", "b True 2", "c False 3 c"]
    assert inputs(course) == "a0 a1 b0 b1 c0 c1 c2"
    assert failing(course).keys() == {"c"}


def test_what_ended_examples_side_by_side_is_not_told_where_a_claim_fails_alone():
    runner = Laid(joins="ab", left=Finding("b", "exit status 3"), wrong={"a1": ALWAYS}, beside="a1")
    course = a_course(runner, 2, 2, 1)
    assert outcomes(course) == ["a False 2 a1()", "b True 2", "c True 1"]
    assert not [each for each in runner.ran if each.startswith("left over")]


def test_a_limit_that_was_met_only_side_by_side_stops_before_the_last_claim():
    runner = Laid(left=Stopped("too long"))
    course = a_course(runner, 2, 2)
    assert outcomes(course) == ["a True 2"]
    assert runner.ran[-1] == "too long"


def test_a_claim_of_which_no_inputs_were_kept_has_run_no_example():
    """A replay of a check that has grown since."""
    course = a_course(Laid(joins="bc"), 0, 2, 0)
    assert outcomes(course) == ["a True 0", "b True 2", "c True 0"]


def test_what_others_found_is_asked_for_where_it_is_shared():
    asked = []

    class Shares:
        def finding(self, runner, claim, example):
            asked.append((runner, _name(claim, example)))
            return Finding("one()", "no") if example.values["number"] == 1 else None

    runner = Laid(joins="b")
    course = a_course(runner, 3, 2, shared=Shares())
    assert outcomes(course) == ["a False 2 one()", "b True 2"]
    assert asked == [(runner, "a0"), (runner, "a1"), (runner, "b0")]
    assert runner.ran == ["b1", "left over of b"]


# ── which claims join ──


@pytest.mark.parametrize(
    ("joins", "counts", "places"),
    [
        ("", [5, 5], [[0], [1]]),
        ("abc", [5, 5, 5], [[0, 1, 2]]),
        ("ac", [5, 5, 5], [[0], [1], [2]]),
        ("bc", [5, 5, 5], [[0], [1, 2]]),
        ("ab", [5, 5, 5], [[0, 1], [2]]),
        ("abc", [STRETCH - 1, 1, 1], [[0, 1], [2]]),
        ("abc", [STRETCH, 1, 1], [[0], [1, 2]]),
        ("abc", [STRETCH - 1, STRETCH, 1], [[0, 1], [2]]),
        ("abcd", [STRETCH, STRETCH - 1, 1, 1], [[0], [1, 2], [3]]),
        ("bcd", [5, STRETCH - 1, 1, 1], [[0], [1, 2], [3]]),
    ],
)
def test_neighbours_join_until_they_have_many_examples(joins, counts, places):
    claims = [
        Claim(name, (), count, (), (), lambda work: None)
        for name, count in zip("abcd", counts, strict=False)
    ]
    assert [*stretches(claims, Laid(joins))] == places
