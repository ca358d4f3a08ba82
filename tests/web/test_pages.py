"""What the reading pages show."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from gradus.core.catalogue import Catalogue
from gradus.core.verdict import Judgement, Verdict
from gradus.desk.desk import Desk
from gradus.desk.workspace import MARK, read_profile

Attempt = Callable[..., Judgement]
Seen = Callable[[str], str]


def test_the_map_shows_every_skill_once_as_a_card_and_once_in_the_list(
    client: TestClient, catalogue: Catalogue
) -> None:
    html = client.get("/").text
    for skill in catalogue.skills:
        assert html.count(f'data-skill="{skill}"') == 1
        assert html.count(f'href="/skills/{skill}"') == 1
    assert f"{len(catalogue.skills)} skills in {len(catalogue.layers)} layers" in html


def test_the_list_works_without_scripts_and_holds_no_picture(client: TestClient) -> None:
    html = client.get("/?view=list").text
    assert "data-graph" not in html
    assert 'href="/skills/py-basics"' in html


def test_finding_without_scripts_gives_a_list_of_what_was_found(
    client: TestClient, seen: Seen
) -> None:
    html = client.get("/?q=softmax+attention").text
    assert "data-graph" not in html
    assert 'href="/skills/py-basics"' not in html
    text = seen("/?q=nothing+has+these+words")
    assert "No skill matches" in text


def test_a_skill_says_what_one_can_do_what_it_needs_and_what_shows_it(
    client: TestClient, catalogue: Catalogue
) -> None:
    html = client.get("/skills/la-matmul-from-scratch").text
    assert catalogue.skills["la-matmul-from-scratch"].can_do.split(";")[0][:30] in html
    assert 'href="/labs/M01"' in html
    assert "Vectors and matrices" in html
    panel = client.get("/skills/la-matmul-from-scratch?part=panel").text
    assert panel.lstrip().startswith("<article")


def test_a_chosen_skill_is_shown_beside_the_map_without_scripts(client: TestClient) -> None:
    html = client.get("/?skill=la-matmul-from-scratch").text
    assert 'data-skill-panel="la-matmul-from-scratch"' in html
    assert "has-selection" in html


def test_an_unknown_skill_names_the_nearest_one(client: TestClient) -> None:
    answer = client.get("/skills/py-basic")
    assert answer.status_code == 404
    assert "py-basics" in answer.text


def test_the_labs_page_lists_the_whole_curriculum(client: TestClient, catalogue: Catalogue) -> None:
    html = client.get("/labs").text
    for item in catalogue.curriculum:
        assert f'href="/labs/{item}"' in html
    assert f"{len(catalogue.labs)} can be opened today" in html


def test_a_planned_lab_says_so_and_what_it_will_show(seen: Seen) -> None:
    text = seen("/labs/F02")
    assert "No lab yet" in text
    assert "It holds up nothing" in text
    assert "Generators" in text


def test_an_unknown_lab_is_not_found(client: TestClient) -> None:
    answer = client.get("/labs/matmull")
    assert answer.status_code == 404
    assert "Did you mean" in answer.text


def test_a_lab_is_found_under_its_folder_name_too(client: TestClient) -> None:
    assert client.get("/labs/matmul").headers["location"] == "/labs/M01"


def test_progress_before_and_after_the_first_pass(
    client: TestClient, attempt: Attempt, seen: Seen
) -> None:
    assert "Nothing is in your record yet" in client.get("/progress").text
    attempt("M01", Verdict.FAILED, mistake_says="You forgot the sum.")
    attempt("M01")
    text = seen("/progress")
    assert "skills shown 2 of 254" in text
    assert "You forgot the sum." in text
    assert "Matmul from scratch" in text
    assert "seed 7" in text


def test_the_map_counts_what_was_shown(client: TestClient, attempt: Attempt) -> None:
    attempt("M01")
    html = client.get("/").text
    assert 'class="card shown"' in html
    assert "Mathematics: 2 of" in html


def test_a_page_without_address_is_told_kindly(client: TestClient) -> None:
    answer = client.get("/nothing/here")
    assert answer.status_code == 404
    assert "No page has this address." in answer.text


def test_the_chosen_theme_is_in_the_first_byte(client: TestClient) -> None:
    assert "data-theme" not in client.get("/labs").text.split("<body")[0]
    client.cookies.set("gradus-theme", "dark")
    assert '<html lang="en" data-theme="dark">' in client.get("/labs").text
    client.cookies.set("gradus-theme", '"><script>')
    assert '<html lang="en">' in client.get("/labs").text


class TestTheFirstPage:
    """Three questions at the most, then the first lab."""

    @pytest.fixture(autouse=True)
    def nobody_was_here(self, desk: Desk) -> None:
        (desk.here().root / MARK).write_text("format = 1\n", encoding="utf-8")

    def test_it_comes_before_the_map(self, client: TestClient) -> None:
        assert client.get("/").headers["location"] == "/welcome"
        html = client.get("/welcome").text
        assert html.count("<fieldset>") == 3
        assert "required" not in html

    def test_answers_are_kept_and_lead_to_the_first_lab(self, person: Any, desk: Desk) -> None:
        answer = person.act("/welcome", background="data-scientist", hours="7", reason="gaps")
        assert answer.headers["location"] == "/labs/M01"
        kept = read_profile(desk.here())
        assert (kept["background"], kept["reason"]) == ("data-scientist", "gaps")
        assert kept["hours_per_week"] == 7
        assert desk.here().opened() == ("matmul",)
        assert person.client.get("/").status_code == 200

    def test_all_three_can_be_skipped(self, person: Any, desk: Desk) -> None:
        assert person.act("/welcome", background="student", skip="all").status_code == 303
        assert read_profile(desk.here()) == {"first_run": "skipped"}
        assert person.client.get("/").status_code == 200

    @pytest.mark.parametrize("fields", [{"hours": "0"}, {"hours": "lots"}, {"background": "x"}])
    def test_an_answer_that_was_not_offered_is_refused(
        self, person: Any, fields: dict[str, str]
    ) -> None:
        assert person.act("/welcome", **fields).status_code == 400
