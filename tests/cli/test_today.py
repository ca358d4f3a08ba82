"""What to do now and the coming days, as text: what is shown, ticked, written and refused."""

import json
import os
import sqlite3
import time
from datetime import date, datetime

import pytest
from icalendar import Calendar

from gradus.desk import plan_page, planning, profile

TODAY = date(2026, 11, 26)


@pytest.fixture
def clock(monkeypatch):
    """Let this machine's clock say a day."""

    def say(day: date) -> None:
        for module, name in ((profile, "today"), (planning, "today"), (plan_page, "this_day")):
            monkeypatch.setattr(module, name, lambda: day)

    say(TODAY)
    return say


@pytest.fixture
def planned(gradus, clock):
    """A learner of two steps with an hour a day."""
    assert gradus("plan", "--track", "two-steps", "--hours", "7").status == 0


def test_without_a_workspace_today_is_a_sentence(gradus, golden, clock):
    golden("today_no_workspace", gradus("today"))


def test_today_says_what_to_do_and_why(gradus, golden, planned):
    golden("today", gradus("today"))
    golden("today_minutes", gradus("today", "--minutes", "20"))
    said = json.loads(gradus("today", "--json").out)
    assert said["day"] == "2026-11-26"
    assert sum(item["minutes"] for item in said["items"]) <= said["minutes"] == 60


def test_what_has_no_lab_is_done_when_the_learner_says_so(gradus, golden, planned):
    golden("today_done", gradus("today", "--done", "m06"))
    held = json.loads(gradus("plan", "--json", "--days", "99").out)["days"]
    assert {item["ref"] for day in held for item in day["items"]} == {"M05"}
    golden("today_undo", gradus("today", "--undo", "M06"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("minutes_zero", ["--minutes", "0"]),
        ("minutes_words", ["--minutes", "an hour"]),
        ("done_lab", ["--done", "M05"]),
        ("done_unknown", ["--done", "M0"]),
        ("done_and_undo", ["--done", "M06", "--undo", "M06"]),
    ],
)
def test_what_cannot_be_today_is_a_sentence(gradus, golden, planned, name, words):
    golden(f"today_wrong_{name}", gradus("today", *words))


def test_the_coming_days_are_shown(gradus, golden, planned):
    golden("plan", gradus("plan"))
    golden("plan_days", gradus("plan", "--days", "1"))
    said = json.loads(gradus("plan", "--json").out)
    assert (said["track"], len(said["days"]), said["change"]) == ("two-steps", 14, None)


def test_a_plan_of_the_past_is_shown_as_it_was(gradus, golden, planned, clock):
    first = gradus("plan", "--json", "--days", "99").out
    clock(date(2026, 12, 3))
    golden("plan_later", gradus("plan"))
    past = gradus("plan", "--on", "2026-11-30")
    assert past.status == 0
    assert "The plan that was made on 2026-11-26" in past.out
    then = json.loads(gradus("plan", "--on", "2026-11-30", "--json").out)
    assert then["items"][-1]["day"] == json.loads(first)["ends"]
    golden("plan_on_before", gradus("plan", "--on", "2026-11-25"))
    golden("plan_on_ahead", gradus("plan", "--on", "2027-11-25"))
    golden("plan_on_leap", gradus("plan", "--on", "2027-02-29"))


def test_a_calendar_is_written_with_the_times_of_the_day(gradus, golden, planned, home):
    golden("plan_ics", gradus("plan", "--ics", "plan.ics", "--at", "19:00"))
    events = Calendar.from_ical((home / "plan.ics").read_bytes()).walk("VEVENT")
    assert events[0]["dtstart"].dt == datetime(2026, 11, 26, 19)
    streamed = gradus("plan", "--ics", "-").out
    assert streamed.startswith("BEGIN:VCALENDAR")
    assert len(Calendar.from_ical(streamed).walk("VEVENT")) == len(events)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("at", ["--ics", "plan.ics", "--at", "7 pm"]),
        ("at_alone", ["--at", "19:00"]),
        ("ics_folder", ["--ics", "nowhere/plan.ics"]),
    ],
)
def test_a_calendar_that_cannot_be_written_is_a_sentence(
    gradus, golden, planned, home, name, words
):
    golden(f"plan_wrong_{name}", gradus("plan", *words))
    assert not (home / "plan.ics").exists()


def test_a_clock_that_went_back_changes_nothing_until_the_plan_is_laid_anew(
    gradus, golden, planned, clock
):
    clock(date(2028, 2, 29))
    assert gradus("plan").status == 0
    clock(TODAY)
    golden("plan_clock", gradus("plan"))
    assert gradus("today").status == 2
    assert gradus("plan", "--anew").status == 0
    assert gradus("today").status == 0


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process is POSIX")
def test_a_journey_to_an_earlier_day_is_a_sentence_and_one_to_a_later_day_is_none(gradus):
    before, ended = os.environ.get("TZ"), []
    try:
        for zone in ("Etc/GMT+12", "Pacific/Kiritimati", "Etc/GMT+12", "Pacific/Kiritimati"):
            os.environ["TZ"] = zone
            time.tzset()
            ended.append(gradus("plan", "--track", "two-steps"))
            ended.append(gradus("plan"))
    finally:
        os.environ.pop("TZ")
        os.environ |= {"TZ": before} if before is not None else {}
        time.tzset()
    assert [each.status for each in ended] == [0, 0, 0, 0, 0, 2, 0, 0]
    assert "its time zone changed" in ended[5].err


def test_a_record_of_a_newer_gradus_is_left_alone(gradus, golden, planned, home):
    gradus("plan")
    path = home / "gradus" / ".gradus" / "ledger.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    golden("plan_newer_record", gradus("plan"))
    assert gradus("today").status == 2
    assert path.read_bytes() == before


def test_a_track_of_ones_own_that_needs_itself_is_refused(gradus, golden, planned, home):
    own = home / "gradus" / "tracks"
    own.mkdir()
    text = 'format = 1\ntitle = "Round"\nabout = "Round."\n'
    (own / "round.toml").write_text(
        f'{text}forks_from = "round"\nfork_after = "one"\n'
        '[[stages]]\nid = "one"\ntitle = "One"\nitems = ["M06"]\n'
    )
    golden("plan_track_cyclic", gradus("plan", "--track", "round"))
