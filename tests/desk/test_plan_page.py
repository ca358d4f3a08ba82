"""The pages of plan and today: months, past days, minutes at hand, and a calendar file."""

from datetime import date, time, timedelta

import pytest
from icalendar import Calendar

from gradus.core.errors import UsageError
from gradus.desk.calendars import hour_of, plan_calendar
from gradus.desk.plan_page import minutes_of, plan_page, today_page
from gradus.desk.planning import current_plan
from gradus.desk.profile import answer

DAY = timedelta(days=1)
TODAY = date(2027, 3, 10)


def test_a_month_shows_whole_weeks_and_each_item_on_its_day(desk):
    page = plan_page(desk, on=TODAY)
    plan = current_plan(desk, TODAY).plan
    assert page.month == date(2027, 3, 1)
    assert page.before is None
    assert page.after == date(2027, 4, 1)
    shown = [day for week in page.weeks for day in week]
    assert {day.day.weekday() for day in shown[::7]} == {0}
    assert len(shown) % 7 == 0
    for day in shown:
        assert [each.ref for each in day.items] == [each.ref for each in plan.on(day.day)]
        assert day.minutes <= day.capacity
    assert [day.day for day in shown if day.is_today] == [TODAY]


@pytest.mark.parametrize("free", [date(2027, 2, 27), date(2027, 2, 28), date(2027, 3, 6)])
def test_today_is_shown_where_the_work_begins_in_a_later_week(desk, free):
    answer(desk, {"hours": "2,2,2,2,2,0,0"}, free)
    page = plan_page(desk, on=free)
    assert [day.day for week in page.weeks for day in week if day.is_today] == [free]
    following = plan_page(desk, "2027-04", on=free)
    assert following.before == date(2027, 3, 1)
    if free.month == 2:
        assert plan_page(desk, "2027-03", on=free).before == date(2027, 2, 1)


def test_months_lead_from_the_first_of_a_plan_to_its_last(desk):
    month, seen = "", []
    while True:
        page = plan_page(desk, month, on=TODAY)
        seen.append(page.month)
        if page.after is None:
            break
        month = f"{page.after:%Y-%m}"
    assert seen[-1] == page.ends.replace(day=1)
    assert plan_page(desk, month, on=TODAY).before == seen[-2]


@pytest.mark.parametrize(
    "month", ["soon", "2027-13", "2027", "0001-01", "9999-12", "2027-3", "", " "]
)
def test_a_month_that_is_none_is_a_sentence(desk, month):
    if not month:
        assert plan_page(desk, month, on=TODAY).month == date(2027, 3, 1)
        return
    with pytest.raises(UsageError, match=r"is no month|No plan reaches"):
        plan_page(desk, month, on=TODAY)


def test_the_plan_of_a_past_day_is_shown_from_its_own_month(desk):
    first = current_plan(desk, TODAY).plan
    answer(desk, {"hours": "20"}, TODAY + 40 * DAY)
    current_plan(desk, TODAY + 40 * DAY)
    page = plan_page(desk, as_of="2027-03-20", on=TODAY + 40 * DAY)
    assert (page.past, page.made_on, page.ends) == (True, TODAY, first.ends)
    assert page.month == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2027-02-29", "2027-02-29"),
        ("soon", "is no day"),
        ("2030-01-01", "lies ahead"),
        ("2027-03-01", "No plan was made until"),
    ],
)
def test_a_past_day_that_is_none_is_a_sentence(desk, day, said):
    with pytest.raises(UsageError, match=said):
        plan_page(desk, as_of=day, on=TODAY)


@pytest.mark.parametrize("text", ["", "0", "-5", "1441", "4.5", "many", "٣", "9" * 5000])
def test_minutes_that_are_none_are_a_sentence(text):
    with pytest.raises(UsageError, match="is no number of minutes from 1 to 1440"):
        minutes_of(text)


def test_today_is_cut_to_the_minutes_at_hand(desk):
    page = today_page(desk, 25, on=TODAY)
    assert page.asked
    assert sum(item.minutes for item in page.items) + page.left == 25
    whole = today_page(desk, on=TODAY)
    assert not whole.asked
    assert whole.minutes == 90


def test_a_day_off_has_nothing_to_do_and_minutes_named_all_the_same_do(desk):
    answer(desk, {"days_off": "2027-03-10"}, TODAY)
    off = today_page(desk, on=TODAY)
    assert (off.minutes, off.items, off.left) == (0, (), 0)
    assert today_page(desk, 40, on=TODAY).ahead


def test_a_calendar_file_moves_its_events_when_it_is_written_again(desk):
    def uids():
        read = Calendar.from_ical(plan_calendar(desk))
        return [str(each["uid"]) for each in read.walk("VEVENT")]

    first = uids()
    assert len(first) == len(set(first)) > 100
    answer(desk, {"hours": "20"})
    assert len(set(uids()) & set(first)) > 100


def test_a_calendar_of_a_record_that_is_empty_and_can_only_be_read_is_written(desk, monkeypatch):
    monkeypatch.setattr(desk.ledger(), "writable", False)
    assert plan_calendar(desk).startswith(b"BEGIN:VCALENDAR")


def test_a_time_of_day_is_read_or_refused():
    assert hour_of(" 19:30 ") == time(19, 30)
    for text in ("24:00", "7 pm", "", "19"):
        with pytest.raises(UsageError, match="is no time of day"):
            hour_of(text)
