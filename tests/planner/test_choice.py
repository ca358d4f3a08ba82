"""What is kept when the time is short is worth most, checked against every closed set."""

from datetime import date, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.core.learner import LearnerProfile
from gradus.core.plan import ItemKind
from gradus.planner.amount import Work
from gradus.planner.choice import Choice, Room, choose, groups_of
from gradus.planner.days import StudyDays
from gradus.planner.program import Program

FIRST = date(2028, 2, 21)


def lab(name: str, minutes: int, worth: int, needs: tuple[str, ...] = (), day: int = 0) -> Work:
    not_before = FIRST + timedelta(day) if day else None
    keys = tuple(f"lab:{need}" for need in needs)
    return Work(ItemKind.LAB, name, name, minutes, 0, keys, worth, "", not_before)


def room(days: int, minutes: int = 60, budget: int | None = None) -> Room:
    study = StudyDays(LearnerProfile(minutes=(minutes,) * 7), FIRST, 0)
    return Room(study, FIRST + timedelta(days - 1), budget)


@st.composite
def works(draw) -> tuple[Work, ...]:
    made: list[Work] = []
    for number in range(draw(st.integers(1, 8))):
        names = [each.ref for each in made]
        needs = draw(st.lists(st.sampled_from(names), unique=True, max_size=2)) if names else []
        minutes, worth = draw(st.integers(1, 200)), draw(st.integers(1, 50))
        made.append(
            lab(f"w{number}", minutes, worth, tuple(needs), draw(st.sampled_from([0, 0, 3])))
        )
    return tuple(made)


def fits(work: list[Work], place: Room) -> bool:
    """Return whether every minute finds its day, by filling the days from the last back."""
    days = place.days
    if place.budget is not None and sum(each.minutes for each in work) > place.budget:
        return False
    groups = {group.name: group for group in groups_of(work)}
    by_first: dict[date, int] = {}
    for each in work:
        first = groups[each.ref].not_before or FIRST
        by_first[first] = by_first.get(first, 0) + each.minutes
    left = 0
    day = FIRST
    while day <= place.until:
        left = max(0, left + by_first.pop(day, 0) - days.work(day))
        day += timedelta(1)
    return left == 0 and not by_first


def most_by_trying_all(work: tuple[Work, ...], place: Room) -> int:
    best = 0
    for count in range(len(work) + 1):
        for some in combinations(work, count):
            keys = {each.key for each in some}
            if all(keys.issuperset(each.needs) for each in some) and fits(list(some), place):
                best = max(best, sum(each.worth for each in some))
    return best


def worth(choice: Choice) -> int:
    return sum(each.worth for each in choice.kept)


@settings(max_examples=60, deadline=None)
@given(works(), st.integers(1, 8), st.sampled_from([None, 100, 300]))
def test_no_closed_set_that_fits_is_worth_more(work, days, budget):
    place = room(days, budget=budget)
    choice = choose(work, place)
    assert worth(choice) == most_by_trying_all(work, place)
    assert choice.gap == 0.0
    assert fits(list(choice.kept), place)
    kept = {each.key for each in choice.kept}
    assert all(kept.issuperset(each.needs) for each in choice.kept)


@settings(max_examples=30, deadline=None)
@given(works(), st.integers(1, 8))
def test_one_day_more_is_never_worth_less(work, days):
    assert worth(choose(work, room(days + 1))) >= worth(choose(work, room(days)))


@settings(max_examples=30, deadline=None)
@given(works(), st.integers(1, 8), st.sets(st.sampled_from([f"w{n}" for n in range(8)])))
def test_what_was_kept_before_costs_no_worth(work, days, before):
    place = room(days)
    assert worth(choose(work, place, frozenset(before))) == worth(choose(work, place))


def test_among_equals_what_was_kept_before_is_kept_again():
    work = tuple(lab(name, 60, 5) for name in "abcd")
    kept = {each.ref for each in choose(work, room(2), frozenset("bd")).kept}
    assert kept == {"b", "d"}


def test_the_worthy_thing_brings_what_it_needs_where_a_greedy_choice_would_not():
    work = (lab("cheap", 60, 10), lab("base", 60, 1), lab("prize", 60, 30, ("base",)))
    choice = choose(work, room(2))
    assert {each.ref for each in choice.kept} == {"base", "prize"}
    assert [group.name for group in choice.left_out] == ["cheap"]


def test_a_lesson_goes_with_its_lab():
    lesson = Work(ItemKind.LESSON, "a", "a", 30, 0, (), 0, "")
    first = Work(ItemKind.LAB, "a", "a", 60, 0, ("lesson:a",), 5, "")
    assert choose((lesson, first), room(1)).kept == ()
    assert choose((lesson, first), room(2)).kept == (lesson, first)


def test_a_gap_is_said_when_the_search_ends_early(monkeypatch):
    program = Program({"a": 6, "b": 5, "c": 5})
    program.at_most({"a": 6, "b": 5, "c": 5}, 10)
    monkeypatch.setattr(Program, "_ask_highs", lambda self, start: (frozenset(start), 10))
    early = program.solve(frozenset("a"))
    assert (early.worth, early.gap) == (6, 4 / 6)


def test_an_answer_that_does_not_hold_in_whole_numbers_is_not_taken(monkeypatch):
    program = Program({"a": 6, "b": 5})
    program.at_most({"a": 1, "b": 1}, 1)
    monkeypatch.setattr(Program, "_ask_highs", lambda self, start: (frozenset("ab"), 6))
    assert program.solve(frozenset("b")).chosen == {"b"}


def test_the_solver_prints_nothing(capfd):
    choose((lab("a", 60, 1), lab("b", 60, 1)), room(1))
    assert capfd.readouterr() == ("", "")
