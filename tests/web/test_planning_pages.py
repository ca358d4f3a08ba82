"""The pages of tracks and profile over HTTP: what is shown, kept and refused."""

import re
from typing import Any

from starlette.testclient import TestClient

from gradus.desk.desk import Desk
from gradus.desk.profile import answer, learner_profile
from gradus.desk.profile_form import as_answers
from gradus.desk.workspace import MARK, read_profile


def test_every_track_is_linked_and_opens(client: TestClient, desk: Desk) -> None:
    html = client.get("/tracks").text
    for name, track in desk.catalogue.tracks.items():
        assert f'href="/tracks/{name}"' in html
        page = client.get(f"/tracks/{name}")
        assert page.status_code == 200
        assert track.title.split("'")[0] in page.text


def test_an_unknown_track_is_not_found_with_the_nearest(client: TestClient) -> None:
    answer = client.get("/tracks/four-phase")
    assert answer.status_code == 404
    assert "four-phases" in answer.text


def test_a_track_says_where_it_differs_from_the_other_sources(client: TestClient) -> None:
    html = client.get("/tracks/forty-eight-weeks").text
    assert "Where the source roadmaps disagree" in html
    assert html.count("this track</span>") > 5


def test_following_a_track_is_kept_and_leads_to_the_plan(person: Any, desk: Desk) -> None:
    answer = person.act("/profile", track="five-steps", then="/plan")
    assert (answer.status_code, answer.headers["location"]) == (303, "/plan")
    assert read_profile(desk.here())["track"] == "five-steps"


def test_any_number_of_minutes_comes_back_from_the_form_as_it_was(
    client: TestClient, desk: Desk
) -> None:
    for hours in ("7.98", "8", "21.7"):
        answer(desk, {"hours": hours})
        before = learner_profile(desk).minutes
        html = client.get("/profile").text
        shown = re.findall(r'name="(hours_\d)"[^>]*step="any"[^>]*value="([\d.]+)"', html)
        assert len(shown) == 7
        assert all(len(text) <= 5 for _, text in shown)
        answer(desk, as_answers(dict(shown)))
        assert learner_profile(desk).minutes == before


def test_the_profile_leads_nowhere_else(person: Any) -> None:
    answer = person.act("/profile", track="five-steps", then="https://example.org/")
    assert answer.headers["location"] == "/plan"


def test_what_cannot_be_is_said_beside_the_answers_and_nothing_is_kept(
    person: Any, desk: Desk
) -> None:
    before = (desk.here().root / MARK).read_bytes()
    answer = person.act("/profile", background="student", target="2001-01-01")
    assert answer.status_code == 400
    assert "The target 2001-01-01 was" in answer.text
    assert 'value="2001-01-01"' in answer.text
    assert (desk.here().root / MARK).read_bytes() == before


def test_another_sites_form_changes_no_profile(client: TestClient, desk: Desk) -> None:
    before = (desk.here().root / MARK).read_bytes()
    answer = client.post("/profile", data={"track": "five-steps"})
    assert answer.status_code == 403
    assert (desk.here().root / MARK).read_bytes() == before
