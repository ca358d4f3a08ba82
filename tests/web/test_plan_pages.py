"""Today, the plan, the placement and the calendar over HTTP: what is shown, kept and refused."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from icalendar import Calendar
from starlette.testclient import TestClient

from gradus.core.verdict import Verdict
from gradus.desk.desk import Desk
from gradus.desk.planning import current_plan
from gradus.desk.workspace import MARK

PAGES = ("/today", "/plan", "/placement", "/progress", "/tracks", "/profile", "/review", "/")


@pytest.mark.parametrize("address", PAGES)
def test_every_page_opens_for_a_new_learner_and_for_one_with_attempts(
    client: TestClient, attempt: Callable[..., Any], address: str
) -> None:
    assert client.get(address).status_code == 200
    attempt("M01", Verdict.FAILED)
    attempt("M01")
    assert client.get(address).status_code == 200


def test_today_says_what_to_do_and_why(seen: Callable[[str], str], desk: Desk) -> None:
    first = next(item for item in current_plan(desk).plan.items if item.is_work)
    said = seen("/today")
    assert first.title in said
    assert f"{first.minutes} min" in said
    assert "Gradus suggests" in said


def test_today_fits_to_the_minutes_at_hand(seen: Callable[[str], str]) -> None:
    assert "13 min" in seen("/today?minutes=13")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/today?minutes=0", "is no number of minutes from 1 to 1440"),
        ("/today?minutes=many", "is no number of minutes"),
        (f"/today?minutes={'9' * 5000}", "is no number of minutes"),
        ("/plan?month=soon", "Write it as year and month: 2027-03"),
        ("/plan?month=9999-12", "No plan reaches 9999-12"),
        ("/plan?month=0001-01", "No plan reaches 0001-01"),
        ("/plan?as_of=2023-02-29", "2023-02-29"),
        ("/plan?as_of=9000-01-01", "lies ahead"),
        ("/plan?as_of=2001-01-01", "No plan was made until 2001-01-01"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    client: TestClient, address: str, said: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert said in answer.text


def test_every_month_of_the_plan_is_reached_by_links(client: TestClient, desk: Desk) -> None:
    address, seen_months = "/plan", 0
    while address:
        html = client.get(address).text
        seen_months += 1
        _, _, after = html.partition('rel="next"')
        before = html.partition('rel="next"')[0]
        address = before.rpartition('href="')[2].partition('"')[0] if after else ""
    ends = current_plan(desk).plan.ends
    assert ends is not None
    assert f'datetime="{ends}"' in html
    assert seen_months > 2


def test_a_plan_of_the_past_stays_while_months_are_turned(client: TestClient, desk: Desk) -> None:
    made_on = current_plan(desk).plan.made_on
    html = client.get(f"/plan?as_of={made_on}").text
    assert "The plan of" in html
    assert f"&amp;as_of={made_on}" in html


def test_the_calendar_keeps_its_events_from_one_request_to_the_next(client: TestClient) -> None:
    first, second = client.get("/plan.ics"), client.get("/plan.ics")
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    uids = [
        [str(each["uid"]) for each in Calendar.from_ical(answer.content).walk("VEVENT")]
        for answer in (first, second)
    ]
    assert uids[0] == uids[1]
    assert len(set(uids[0])) == len(uids[0]) > 50


def test_done_is_kept_and_taken_back_and_leads_only_to_pages_of_the_plan(
    person: Any, desk: Desk
) -> None:
    ref = next(item.ref for item in current_plan(desk).plan.items if item.kind == "reading")
    answer = person.act("/done", ref=ref, then="/plan")
    assert (answer.status_code, answer.headers["location"]) == (303, "/plan")
    assert ref not in {item.ref for item in current_plan(desk).plan.items}
    back = person.act("/done", ref=ref, undo="yes", then="https://example.org/")
    assert back.headers["location"] == "/today"
    assert ref in {item.ref for item in current_plan(desk).plan.items}


def test_the_first_look_of_a_day_keeps_the_plan_and_no_other_look_keeps_anything(
    client: TestClient, desk: Desk
) -> None:
    before = len(list(desk.ledger().rows()))
    assert client.get("/plan").status_code == 200
    assert [row.kind for row in desk.ledger().rows(after=before)] == ["plan"]
    for address in (*PAGES, "/plan.ics", "/plan?month=2030-01", "/today?minutes=7"):
        client.get(address)
    assert [row.kind for row in desk.ledger().rows(after=before)] == ["plan"]


def test_a_lab_is_not_ticked_off_and_the_refusal_says_how_it_is_done(person: Any) -> None:
    answer = person.act("/done", ref="M01")
    assert answer.status_code == 400
    assert "M01 is a lab: it is done when it is passed" in answer.text


@pytest.mark.parametrize("address", ["/done", "/placement", "/profile"])
def test_nothing_is_kept_without_the_token_of_this_start(
    client: TestClient, desk: Desk, address: str
) -> None:
    before = len(list(desk.ledger().rows()))
    fields = {"ref": "M14", "track": "five-steps", "again": "yes", "token": "guessed"}
    headers = {"origin": "http://127.0.0.1:8321", "sec-fetch-site": "same-origin"}
    assert client.post(address, data=fields, headers=headers).status_code == 403
    assert len(list(desk.ledger().rows())) == before


def test_a_placement_is_answered_one_question_after_another(
    client: TestClient, person: Any, desk: Desk
) -> None:
    html = client.get("/placement").text
    for number in range(1, 4):
        assert f"Question {number}, of" in html
        lab = re.search(r'name="lab" value="([^"]+)"', html)
        card = re.search(r'name="card" value="([^"]+)"', html)
        assert lab
        assert card
        answer = person.act("/placement", lab=lab[1], card=card[1], skip="yes")
        assert answer.status_code == 200
        html = answer.text
        assert "The answer is" in html
    asked = person.act("/placement", lab=lab[1], card=card[1], answer="1")
    assert asked.status_code == 400
    anew = person.act("/placement", again="yes")
    assert (anew.status_code, anew.headers["location"]) == (303, "/placement")
    assert "Question 1, of" in client.get("/placement").text


def test_a_broken_profile_is_said_on_every_page_of_the_plan_and_progress_opens(
    client: TestClient, desk: Desk
) -> None:
    (desk.here().root / MARK).write_text('format = 1\n[profile]\nfirst_run = "x"\nhours = 3\n')
    for address in ("/today", "/plan", "/plan.ics"):
        answer = client.get(address)
        assert answer.status_code == 400
        assert "gradus.toml:4" in answer.text
    progress = client.get("/progress")
    assert progress.status_code == 200
    assert "gradus.toml:4" in progress.text
    assert "gradus.toml:4" in client.get("/profile").text
