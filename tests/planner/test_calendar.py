"""A plan becomes a calendar that programs which did not write it can read."""

from datetime import UTC, date, datetime, time, timedelta

import vobject
from hypothesis import given
from hypothesis import strategies as st

from gradus.core.plan import ItemKind, Plan, PlanItem
from gradus.planner.calendar import calendar_of

WRITTEN = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
DAY = date(2027, 3, 28)


def item(day=DAY, kind=ItemKind.LAB, ref="M01", minutes=40, **more):
    named = {"title": "Matrix product, by loops; \\ and more", "reason": "needed by M02"} | more
    return PlanItem(day, kind, ref, minutes=minutes, **named)


def events(plan, **more):
    text = calendar_of(plan, **{"owner": "w1", "written": WRITTEN} | more).decode()
    read = vobject.readOne(text)
    return list(read.contents.get("vevent", []))


def plan_of(*items):
    return Plan(made_on=DAY, track="t", items=items)


def test_an_event_says_what_how_long_and_why():
    (event,) = events(plan_of(item(part=2, parts=3)))
    assert event.summary.value == "Lab: Matrix product, by loops; \\ and more, part 2 of 3 (40 min)"
    assert event.description.value == "40 minutes. Needed by M02."
    assert event.dtstart.value == DAY
    assert event.dtend.value == DAY + timedelta(days=1)


def test_a_moved_item_keeps_its_uid_and_counts_up():
    (before,) = events(plan_of(item()))
    (after,) = events(
        plan_of(item(day=DAY + timedelta(days=3))), written=WRITTEN + timedelta(hours=1)
    )
    assert before.uid.value == after.uid.value
    assert int(after.sequence.value) > int(before.sequence.value)


def test_the_parts_of_a_day_follow_each_other_at_the_learners_own_hour():
    on_the_day_the_clocks_change = plan_of(
        item(kind=ItemKind.LESSON, minutes=20), item(minutes=40), item(ref="M02")
    )
    starts = [e.dtstart.value for e in events(on_the_day_the_clocks_change, begins=time(2, 0))]
    assert starts == [
        datetime(2027, 3, 28, 2, 0),
        datetime(2027, 3, 28, 2, 20),
        datetime(2027, 3, 28, 3, 0),
    ]
    assert all(each.tzinfo is None for each in starts)


def test_days_off_stand_in_no_calendar():
    assert events(plan_of(item(kind=ItemKind.DAY_OFF, ref="", minutes=0))) == []


def test_labs_lead_to_their_page_where_gradus_answers():
    (lab, reading) = events(
        plan_of(item(), item(kind=ItemKind.READING, ref="book")), address="http://127.0.0.1:8321"
    )
    assert lab.url.value == "http://127.0.0.1:8321/labs/M01"
    assert "url" not in reading.contents


titles = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=90)


@given(
    st.lists(
        st.tuples(
            st.dates(date(2024, 1, 1), date(2032, 12, 31)),
            st.sampled_from([ItemKind.LESSON, ItemKind.LAB, ItemKind.READING, ItemKind.PROJECT]),
            titles,
            st.integers(1, 600),
        ),
        max_size=8,
    )
)
def test_another_library_reads_back_what_was_written(rows):
    items = [
        PlanItem(day, kind, f"r{n}", title, minutes, "month 1 of the track")
        for n, (day, kind, title, minutes) in enumerate(rows)
    ]
    read = events(plan_of(*items))
    assert [e.dtstart.value for e in read] == [each.day for each in items]
    assert [each.title in e.summary.value for e, each in zip(read, items, strict=True)] == [
        True for _ in items
    ]
    assert len({e.uid.value for e in read}) == len(items)
    lines = calendar_of(plan_of(*items), owner="w1", written=WRITTEN).split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
