"""What cannot be, in the browser: 4xx with the command's own sentence, and nothing half written."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from gradus.core.errors import UsageError
from gradus.desk import plan_page, planning, profile
from gradus.desk.desk import Desk
from gradus.desk.planning import current_plan
from gradus.desk.profile import answer
from gradus.desk.profile_form import as_answers
from gradus.desk.record import open_record
from gradus.desk.workspace import MARK

TODAY = date(2027, 3, 1)
PAGES = ("/today", "/plan", "/plan.ics")
NO_HOURS = {f"hours_{number}": "0" for number in range(7)}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Let this machine's clock say a day."""

    def say(day: date) -> None:
        for module, name in ((profile, "today"), (planning, "today"), (plan_page, "this_day")):
            monkeypatch.setattr(module, name, lambda: day)

    say(TODAY)
    return say


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Let this machine stand in a time zone."""
    if not hasattr(time, "tzset"):
        pytest.skip("the zone of a process is POSIX")
    before = os.environ.get("TZ")

    def stand(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield stand
    monkeypatch.setenv("TZ", before) if before is not None else monkeypatch.delenv("TZ")
    time.tzset()


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({"background": "studnt"}, "There is no background 'studnt'. Did you mean 'student'?"),
        ({"role": "ml-enginer"}, "There is no role 'ml-enginer'."),
        ({"track": "four-phase"}, "four-phases"),
        ({"known": "py-numpi"}, "There is no skill 'py-numpi'. Did you mean 'py-numpy'?"),
        (NO_HOURS, "Every weekday has 0 hours"),
        ({**NO_HOURS, "hours_0": "25"}, "A day has 24 hours"),
        ({**NO_HOURS, "hours_3": "much"}, "'much'"),
        ({"target": "2027-02-28"}, "2027-02-28"),
        ({"target": "2027-02-29"}, "2027-02-29"),
        ({"start": "2027-05-01", "target": "2027-04-01"}, "2027-04-01"),
        ({"days_off": "2027-12-31..2027-12-24"}, "2027-12-24"),
        ({"days_off": "2027-02-29"}, "2027-02-29"),
    ],
)
def test_an_answer_that_cannot_be_has_the_commands_sentence_and_keeps_nothing(
    person: Any,
    desk: Desk,
    clock: Callable[[date], None],
    filled: dict[str, str],
    said: str,
) -> None:
    with pytest.raises(UsageError) as refused:
        answer(desk, as_answers(filled))
    mark = (desk.here().root / MARK).read_bytes()
    rows = len(list(desk.ledger().rows()))
    answered = person.act("/profile", **filled)
    assert answered.status_code == 400
    for line in str(refused.value).splitlines():
        assert line in unescape(answered.text)
    assert said in str(refused.value)
    assert (desk.here().root / MARK).read_bytes() == mark
    assert len(list(desk.ledger().rows())) == rows


def test_a_track_of_ones_own_that_needs_itself_cannot_be_followed(
    person: Any, client: TestClient, desk: Desk
) -> None:
    own = desk.here().tracks
    own.mkdir()
    (own / "round.toml").write_text(
        'format = 1\ntitle = "Round"\nabout = "Round."\nforks_from = "round"\nfork_after = "one"\n'
        '[[stages]]\nid = "one"\ntitle = "One"\nitems = ["M01"]\n'
    )
    with pytest.raises(UsageError) as refused:
        answer(desk, {"track": "round"})
    answered = person.act("/profile", track="round")
    assert answered.status_code == 400
    assert all(line in unescape(answered.text) for line in str(refused.value).splitlines())
    page = client.get("/tracks/round")
    assert page.status_code == 400
    assert str(refused.value) in unescape(page.text)
    assert "round" in client.get("/tracks").text
    assert client.get("/plan").status_code == 200


def test_a_target_that_went_by_is_said_on_every_page_of_the_plan(
    client: TestClient, desk: Desk, clock: Callable[[date], None]
) -> None:
    answer(desk, {"target": "2027-04-01"})
    assert client.get("/plan").status_code == 200
    clock(date(2027, 4, 2))
    rows = len(list(desk.ledger().rows()))
    for address in PAGES:
        answered = client.get(address)
        assert answered.status_code == 400
        assert "2027-04-01" in answered.text
    assert len(list(desk.ledger().rows())) == rows


def test_a_clock_that_went_back_is_said_on_every_page_of_the_plan(
    client: TestClient, desk: Desk, clock: Callable[[date], None]
) -> None:
    clock(date(2028, 2, 29))
    assert client.get("/plan").status_code == 200
    clock(TODAY)
    with pytest.raises(UsageError) as refused:
        current_plan(desk)
    rows = len(list(desk.ledger().rows()))
    for address in PAGES:
        answered = client.get(address)
        assert answered.status_code == 400
        assert all(line in unescape(answered.text) for line in str(refused.value).splitlines())
    assert len(list(desk.ledger().rows())) == rows
    clock(date(2028, 2, 29))
    assert client.get("/plan").status_code == 200


def test_a_record_of_a_newer_gradus_is_said_on_every_page_and_left_alone(
    desk: Desk, request: pytest.FixtureRequest
) -> None:
    path = desk.here().ledger_path
    open_record(desk.here()).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    client = request.getfixturevalue("client")
    for address in (*PAGES, "/review", "/progress"):
        answered = client.get(address)
        assert answered.status_code == 409
        assert "was written by a newer Gradus (format 99; this one reads up to 1)" in answered.text
    assert path.read_bytes() == before


def test_a_journey_to_an_earlier_day_is_a_sentence_and_one_to_a_later_day_is_none(
    client: TestClient, desk: Desk, zone: Callable[[str], None]
) -> None:
    zone("Etc/GMT+12")
    assert client.get("/plan").status_code == 200
    zone("Pacific/Kiritimati")
    assert client.get("/plan").status_code == 200
    made_on = current_plan(desk).plan.made_on
    zone("Etc/GMT+12")
    answered = client.get("/today")
    assert answered.status_code == 400
    assert "its time zone changed" in answered.text
    assert f"wait for {made_on}" in answered.text
    zone("Pacific/Kiritimati")
    assert client.get("/today").status_code == 200
    assert current_plan(desk).plan.made_on == made_on


def test_neither_summer_time_nor_a_leap_day_is_missing_from_the_plan(
    client: TestClient, desk: Desk, clock: Callable[[date], None], zone: Callable[[str], None]
) -> None:
    zone("Europe/Berlin")
    for eve, day in ((date(2027, 3, 27), "2027-03-28"), (date(2028, 2, 28), "2028-02-29")):
        clock(eve)
        html = client.get("/plan").text
        cell = html.partition(f'datetime="{day}"')[2].partition("</td>")[0]
        assert " min</span>" in cell
        assert current_plan(desk).plan.on(date.fromisoformat(day))
