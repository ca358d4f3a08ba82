"""The plan that holds: made once, anew when something has changed, and every one of them kept."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from gradus.core.errors import UsageError
from gradus.core.plan import ItemKind
from gradus.desk.pace import pace
from gradus.desk.pages import standings
from gradus.desk.planning import current_plan, past_plan
from gradus.desk.profile import answer
from gradus.desk.study import DONE, mark_done
from gradus.desk.timing import TIME, Span, time_facts
from gradus.desk.workspace import MARK
from gradus.ledger import Ledger

DAY = timedelta(days=1)
TODAY = date(2027, 3, 1)


def plans(desk):
    return [row.facts["plan"] for row in desk.ledger().rows("plan")]


def test_a_plan_is_made_once_a_day_and_shown_again(desk):
    first = current_plan(desk, TODAY)
    assert first.plan.items
    assert first.change is None
    assert current_plan(desk, TODAY).plan == first.plan
    assert len(plans(desk)) == 1


def test_hours_a_track_and_what_is_finished_make_another_plan(desk):
    whole = current_plan(desk, TODAY).plan
    answer(desk, {"hours": "20"}, TODAY)
    faster = current_plan(desk, TODAY)
    assert faster.plan.ends < whole.ends
    assert "earlier than you set out" in faster.change.cost
    answer(desk, {"track": "five-steps"}, TODAY)
    other = current_plan(desk, TODAY)
    assert (other.plan.track, other.change) == ("five-steps", None)
    ref = next(item.ref for item in other.plan.items if item.kind is ItemKind.READING)
    mark_done(desk, ref)
    assert ref not in {item.ref for item in current_plan(desk, TODAY).plan.items}
    assert [plan["track"] for plan in plans(desk)][-2:] == ["five-steps"] * 2
    assert len(plans(desk)) == 4


def test_a_passed_lab_leaves_the_plan(desk, attempted):
    held = {item.ref for item in current_plan(desk, TODAY).plan.items}
    assert "M01" in held
    attempted("M01")
    assert "M01" not in {item.ref for item in current_plan(desk, TODAY).plan.items}


def test_the_cards_of_a_passed_lab_make_no_plan_longer(desk, attempted):
    before = current_plan(desk, TODAY).plan
    attempted("M01")
    after = current_plan(desk, TODAY).plan
    assert after.ends <= before.ends
    days = [item.day for item in after.items if item.is_work][:-1]
    spent = {day: sum(item.minutes for item in after.on(day)) for day in set(days)}
    assert sum(minutes % 5 != 0 for minutes in spent.values()) == 0


def test_measured_minutes_alone_make_no_other_plan_on_the_same_day(desk):
    current_plan(desk, TODAY)
    end = datetime.fromisoformat(desk.ledger().append("note", {}).at)
    desk.ledger().append(TIME, time_facts(Span("matmul", end - timedelta(minutes=30), end, "page")))
    current_plan(desk, TODAY)
    assert len(plans(desk)) == 1


def test_a_page_reads_each_row_of_time_only_once(desk, monkeypatch):
    read = []
    rows = Ledger.rows

    def counted(self, kind=None, lab=None, *, after=0):
        for row in rows(self, kind, lab, after=after):
            if row.kind in (TIME, "plan"):
                read.append(row.seq)
            yield row

    end = datetime.fromisoformat(desk.ledger().append("note", {}).at)
    monkeypatch.setattr(Ledger, "rows", counted)
    spent = []
    for number in range(4):
        began = end + timedelta(hours=number)
        span = Span("matmul", began, began + timedelta(minutes=30), "page")
        desk.ledger().append(TIME, time_facts(span))
        spent.append(sum(current_plan(desk, TODAY).basis.record.studied.values()))
        current_plan(desk, TODAY)
    assert spent == pytest.approx([30, 60, 90, 120])
    assert len(read) == len(set(read)) == 4, "no page reads plans or measured time over again"


def test_a_missed_week_is_said_with_what_it_costs(desk):
    before = current_plan(desk, TODAY).plan
    later = current_plan(desk, TODAY + 7 * DAY)
    assert later.plan.set_out == before.ends
    assert later.plan.ends > before.ends
    assert "later than you set out" in later.change.cost
    assert current_plan(desk, TODAY + 7 * DAY).change == later.change


def test_the_plan_of_every_day_can_be_shown_and_of_none_before_the_first(desk):
    first = current_plan(desk, TODAY).plan
    second = current_plan(desk, TODAY + 3 * DAY).plan
    assert past_plan(desk, TODAY + 2 * DAY, TODAY + 3 * DAY) == first
    assert past_plan(desk, TODAY + 3 * DAY, TODAY + 3 * DAY) == second
    with pytest.raises(UsageError, match="No plan was made until 2027-02-28"):
        past_plan(desk, TODAY - DAY, TODAY)
    with pytest.raises(UsageError, match="lies ahead"):
        past_plan(desk, TODAY + DAY, TODAY)


@pytest.mark.parametrize("also", [{}, {"track": "five-steps"}])
def test_a_clock_that_went_back_is_a_sentence_and_a_plan_laid_anew_mends_it(desk, also):
    current_plan(desk, TODAY + 700 * DAY)
    answer(desk, also, TODAY)
    with pytest.raises(UsageError, match="the clock of this machine went back") as said:
        current_plan(desk, TODAY)
    assert "gradus plan --anew" in str(said.value)
    assert len(plans(desk)) == 1
    anew = current_plan(desk, TODAY, anew=True).plan
    assert anew.made_on == TODAY
    assert current_plan(desk, TODAY).plan == anew
    assert past_plan(desk, TODAY, TODAY) == anew


def test_a_broken_profile_is_a_sentence_with_its_line_and_nothing_is_recorded(desk):
    mark = desk.here().root / MARK
    mark.write_text('format = 1\n[profile]\ntrack = "five-step"\nhours_per_week = 0\n')
    with pytest.raises(UsageError) as said:
        current_plan(desk, TODAY)
    assert "gradus.toml:3" in str(said.value)
    assert "gradus.toml:4" in str(said.value)
    assert plans(desk) == []


def test_a_target_that_has_gone_by_is_a_sentence(desk):
    answer(desk, {"target": "2027-06-30"}, TODAY)
    current_plan(desk, TODAY)
    with pytest.raises(UsageError, match="2027-06-30"):
        current_plan(desk, date(2027, 7, 1))


def test_a_plan_over_the_29th_of_february_holds_that_day(desk):
    eve = date(2028, 2, 28)
    items = current_plan(desk, eve).plan.items
    assert {eve, eve + DAY, date(2028, 3, 1)} <= {item.day for item in items}
    assert eve + DAY == date(2028, 2, 29)


def test_a_record_that_can_only_be_read_keeps_no_plan_and_shows_one(desk, monkeypatch):
    current_plan(desk, TODAY)
    monkeypatch.setattr(desk.ledger(), "writable", False)
    monkeypatch.setattr(Ledger, "append", lambda *facts: pytest.fail("it cannot be written"))
    answered = current_plan(desk, TODAY + DAY)
    assert answered.plan.made_on == TODAY + DAY
    assert pace(desk, TODAY + DAY).ends == answered.plan.ends
    assert len(plans(desk)) == 1


def test_what_is_done_can_be_taken_back_and_is_recorded_once(desk):
    ref = next(
        item.ref for item in current_plan(desk, TODAY).plan.items if item.kind is ItemKind.READING
    )
    for is_done in (True, True, False, False, True):
        mark_done(desk, f" {ref.upper()} ", is_done)
    assert [row.facts["done"] for row in desk.ledger().rows(DONE)] == [True, False, True]


def test_a_lab_that_exists_cannot_be_ticked_and_an_unknown_name_has_the_nearest(desk):
    with pytest.raises(UsageError, match="M01 is a lab: it is done when it is passed"):
        mark_done(desk, "m01")
    with pytest.raises(UsageError, match="Nothing in any track is named 'M0l'"):
        mark_done(desk, "M0l")
    assert list(desk.ledger().rows(DONE)) == []


def test_what_a_placement_found_known_loses_its_lesson_and_keeps_its_lab(desk, monkeypatch):
    def kinds():
        items = current_plan(desk, TODAY).plan.items
        return {item.kind for item in items if item.ref == "M01"}

    assert kinds() == {ItemKind.LESSON, ItemKind.LAB}
    skills = desk.catalogue.curriculum["M01"].skills

    def placed(desk):
        known = standings(desk)
        found = {name: replace(known.skills[name], placed=True) for name in skills}
        return replace(known, skills={**known.skills, **found})

    monkeypatch.setattr("gradus.desk.planning.standings", placed)
    assert kinds() == {ItemKind.LAB}
