"""One lab's page: what is on it, what is not on it yet, and what a learner does there."""

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from gradus.catalogue import load_hints, load_lesson
from gradus.core.lab import Lab
from gradus.core.verdict import ClaimOutcome, Finding, Judgement, Verdict
from gradus.desk.desk import Desk
from gradus.desk.learning import open_lab
from gradus.desk.record import HINT, REVEALED

Attempt = Callable[..., Judgement]
Seen = Callable[[str], str]


@pytest.fixture
def lab(desk: Desk) -> Lab:
    """The first lab."""
    return desk.catalogue.lab("M01")


def secrets_of(lab: Lab) -> dict[str, str]:
    """Return pieces of text that must not reach a learner before a pass, by where they stand."""
    found = {"going on": load_lesson(lab).part("Going on").strip().splitlines()[2][:60]}
    for path in [lab.folder / "check.py", *sorted(lab.folder.glob("reference/*.py"))]:
        lines = [line.strip() for line in path.read_text().splitlines()]
        code = [
            line for line in lines if len(line) > 25 and not line.startswith(('"', "#", "Raises"))
        ]
        starter = "".join(each.read_text() for each in lab.folder.glob("starter/*.py"))
        found.update({f"{path.name}: {line}": line for line in code if line not in starter})
    return found


def plain(html: str) -> str:
    """Return a page's text as it stands in its source, entities resolved."""
    from html import unescape

    return unescape(re.sub(r"</?(em|strong|code|span)[^>]*>", "", html))


def test_before_a_pass_no_secret_of_the_lab_is_on_the_page(
    client: TestClient, attempt: Attempt, lab: Lab
) -> None:
    attempt("M01", Verdict.FAILED)
    html = plain(client.get("/labs/M01").text)
    leaked = [place for place, text in secrets_of(lab).items() if text in html]
    assert leaked == []
    assert 'id="going-on"' not in html


@pytest.mark.parametrize("name", ["matmul", "windows-and-ctes"])
def test_no_hint_is_on_the_page_before_it_is_taken(
    client: TestClient, desk: Desk, name: str
) -> None:
    html = plain(client.get(f"/labs/{name}", follow_redirects=True).text)
    for hint in load_hints(desk.catalogue.lab(name)):
        assert re.sub(r"[*`]", "", hint.strip().splitlines()[0])[:50] not in html


def test_after_a_pass_going_on_and_the_reference_are_there(
    client: TestClient, attempt: Attempt, lab: Lab
) -> None:
    attempt("M01")
    html = client.get("/labs/M01").text
    assert 'id="going-on"' in html
    assert "What really happens" in html
    reference = (lab.folder / "reference" / "matmul.py").read_text()
    assert reference.strip().splitlines()[-1].strip() in html
    assert "Show the reference" not in html


def test_a_lab_that_was_not_begun_can_be_read_and_begun(
    client: TestClient, person: Any, desk: Desk
) -> None:
    html = client.get("/labs/M01").text
    assert "Start this lab" in html
    assert "data-editor" not in html
    assert person.act("/labs/M01/start").headers["location"] == "/labs/M01#work"
    assert desk.here().opened() == ("matmul",)
    assert "data-editor" in client.get("/labs/M01").text


def test_starting_again_keeps_the_learners_file(person: Any, desk: Desk, lab: Lab) -> None:
    open_lab(desk, "M01")
    own = desk.here().folder(lab) / "matmul.py"
    own.write_text("mine = True\n")
    person.act("/labs/M01/start")
    assert own.read_text() == "mine = True\n"


def test_a_file_that_is_gone_can_be_put_back(
    client: TestClient, person: Any, desk: Desk, lab: Lab
) -> None:
    open_lab(desk, "M01")
    own = desk.here().folder(lab) / "matmul.py"
    own.unlink()
    assert "Put the first version back" in client.get("/labs/M01").text
    person.act("/labs/M01/start")
    assert own.is_file()


def test_the_guess_is_kept_as_it_was_said_first_and_comes_back_after_the_pass(
    client: TestClient, person: Any, attempt: Attempt
) -> None:
    person.act("/labs/M01/guess", guess="They are <equal>, I think.")
    person.act("/labs/M01/guess", guess="Changed my mind")
    html = client.get("/labs/M01").text
    assert "They are &lt;equal&gt;, I think." in html
    assert "Changed my mind" not in html
    attempt("M01")
    after = client.get("/labs/M01").text.split('id="going-on"')[1]
    assert "They are &lt;equal&gt;, I think." in after


def test_an_empty_guess_is_refused_with_a_sentence(person: Any) -> None:
    answer = person.script("/labs/M01/guess", guess="  ")
    assert answer.status_code == 400
    assert answer.json()["message"] == "A guess has at least one word."


def test_hints_come_one_rung_at_a_time(client: TestClient, person: Any, desk: Desk) -> None:
    for rung in (1, 2, 3):
        person.act("/labs/M01/hint")
        html = client.get("/labs/M01").text
        assert f"Hint {rung}" in html
        assert f"Hint {rung + 1}" not in html
    assert "One more hint" not in html
    assert len(list(desk.ledger().rows(HINT))) == 3


def test_the_reference_is_shown_on_request_only_with_a_confirmation(
    client: TestClient, person: Any, desk: Desk, lab: Lab
) -> None:
    html = client.get("/labs/M01").text
    assert "It costs something." in html
    assert "seven days" in html
    assert person.act("/labs/M01/reveal").status_code == 400
    assert not list(desk.ledger().rows(REVEALED))
    assert person.act("/labs/M01/reveal", sure="yes").status_code == 303
    assert list(desk.ledger().rows(REVEALED))
    assert 'id="going-on"' in client.get("/labs/M01").text


def test_a_verdict_says_claims_finding_mistake_seed_and_time(attempt: Attempt, seen: Seen) -> None:
    attempt("M01", Verdict.FAILED, mistake="row_alias", mistake_says="All your rows are one list.")
    text = seen("/labs/M01")
    for words in (
        "Failed 0 of 2 claims held 41 ms · seed 7 · attempt 1",
        "A known mistake behaves exactly like this All your rows are one list.",
        "call matmul([[1]], [[2]])",
        "returned [[3]]",
        "expected [[2]]",
        "The difference is at [0][0].",
        "Did not hold:",
        "Not reached:",
    ):
        assert words in text


def test_frames_and_what_was_printed_are_shown_as_text(
    client: TestClient, attempt: Attempt
) -> None:
    finding = Finding("f()", "raised ValueError", frames=('matmul.py:3 <b>"x"</b>',))
    claim = ClaimOutcome("It works.", held=False, examples=1, finding=finding)
    attempt("M01", Verdict.FAILED, claims=(claim,), printed="<script>alert(1)</script>")
    html = client.get("/labs/M01").text
    assert "&lt;b&gt;" in html
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in html


def test_stopped_and_a_file_that_does_not_load_have_their_own_voices(
    attempt: Attempt, seen: Seen
) -> None:
    attempt("M01", Verdict.STOPPED, claims=(), reason="It ran longer than 5 seconds.")
    assert "A limit was hit, so the rest was not judged. It ran longer" in seen("/labs/M01")
    attempt("M01", Verdict.FAILED, claims=(), reason="matmul.py does not load: line 3.")
    assert "matmul.py does not load: line 3." in seen("/labs/M01")


def test_a_verdict_on_other_files_says_that_they_have_changed(
    attempt: Attempt, seen: Seen, desk: Desk, lab: Lab
) -> None:
    attempt("M01")
    assert "Your files have changed since." not in seen("/labs/M01")
    (desk.here().folder(lab) / "matmul.py").write_text("pass\n")
    assert "Your files have changed since." in seen("/labs/M01")


def test_a_missing_environment_is_one_command(
    seen: Seen, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gradus.desk.environments.find", lambda spec: None)
    text = seen("/labs/M01")
    assert "One command first." in text
    assert "gradus install base" in text


def test_a_locked_lab_can_be_read_and_names_what_comes_first(
    client: TestClient, desk: Desk
) -> None:
    locked = [row.address for row in _lab_refs(desk) if row.standing == "locked"]
    if not locked:
        pytest.skip("No lab of this content is locked for a beginner.")
    html = client.get(f"/labs/{locked[0]}").text
    assert "You can read it, and try it, all the same." in html
    assert "Start this lab" in html


def _lab_refs(desk: Desk) -> list[Any]:
    from gradus.desk.pages import roadmap

    return list(roadmap(desk).labs)


def test_every_lab_of_the_content_has_a_page(client: TestClient, desk: Desk) -> None:
    for lab in desk.catalogue.labs.values():
        answer = client.get(f"/labs/{lab.curriculum_id}")
        assert answer.status_code == 200, lab.id
        for figure in re.findall(r"!\[", (lab.folder / "lesson.md").read_text())[:1]:
            assert figure
            assert "<figure" in answer.text, lab.id


def test_extra_labs_without_curriculum_id_are_found_by_folder(
    desk: Desk, tmp_path: Path, lab: Lab
) -> None:
    from gradus.desk.pages import address

    assert address(dataclasses.replace(lab, curriculum_id="")) == "matmul"
