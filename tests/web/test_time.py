"""A page reports the time that somebody had it in front, and the progress page says how."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from gradus.desk.desk import Desk
from gradus.desk.timing import recorded_minutes
from gradus.web.app import create_app
from gradus.web.live import Live
from gradus.web.settings import Settings


def test_what_a_page_reports_is_kept_and_told_with_how_it_was_seen(
    person: Any, desk: Desk, seen: Any
) -> None:
    for _ in range(4):
        assert person.script("/labs/M01/time", seconds="60", ago="0").status_code == 200
    desk.time().close()
    minutes = recorded_minutes(desk.ledger().rows())["matmul"]
    assert 1 <= minutes < 1.1, "four reports of the same minute are one minute"
    assert "1 min with a lab's page in front of you" in seen("/progress").replace("&#39;", "'")


@pytest.mark.parametrize(
    "fields", [{"seconds": "5"}, {"seconds": "a lot", "ago": "0"}, {"seconds": "nan", "ago": "0"}]
)
def test_a_report_that_no_page_sends_is_refused_in_a_sentence(person: Any, fields: Any) -> None:
    answer = person.script("/labs/M01/time", **fields)
    assert answer.status_code == 400
    assert "seconds" in answer.json()["message"]


def test_a_save_in_another_editor_is_a_sign_of_work(desk: Desk) -> None:
    live = Live(desk)
    live.changed_on_disk("matmul")
    live.changed_on_disk("matmul")
    live.changed_on_disk("no-such-lab")
    desk.time().close()
    (row,) = desk.ledger().rows("time")
    assert (row.facts["lab"], row.facts["source"]) == ("matmul", "save")


def test_time_is_kept_when_the_application_ends(settings: Settings, desk: Desk) -> None:
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8321"):
        desk.time().worked("matmul", 20)
    (row,) = desk.ledger().rows("time")
    assert row.facts["source"] == "page"
