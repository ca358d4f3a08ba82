"""Review in the browser by forms alone: ask, answer, take back, set aside, do again."""

import re
from typing import Any

import pytest

from gradus.core.verdict import Verdict
from gradus.desk.again import begin_again
from gradus.desk.desk import Desk
from gradus.desk.review_log import read_reviews
from gradus.desk.reviewing import read_deck

RECALL, CHOICE = "attention/why-root-d", "attention/mask-before-softmax"


@pytest.fixture(autouse=True)
def passed(attempt: Any) -> None:
    """A learner who passed one lab."""
    attempt("attention")


def fields(html: str) -> dict[str, str]:
    """Return the hidden fields of a page's forms."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html))


def test_a_card_is_asked_then_shown_and_its_answer_kept(
    client: Any, person: Any, desk: Desk, seen: Any
) -> None:
    asked = client.get(f"/review?card={RECALL}").text
    assert "A score is a sum" not in asked
    hidden = fields(asked)
    shown = client.get("/review", params={**hidden, "given": ""}).text
    assert "A score is a sum" in shown
    answer = {key: hidden[key] for key in ("card", "seed", "began")}
    said = person.act("/review/answer", grade="good", given="", **answer)
    assert (said.status_code, said.headers["location"]) == (303, "/review")
    (row,) = desk.ledger().rows("review")
    assert (row.facts["card"], row.facts["grade"]) == ("why-root-d", "good")
    assert row.facts["seed"] == int(hidden["seed"])
    assert 0 <= row.facts["seconds"] < 60
    assert "4 cards left today, 1 answered" in seen("/review")


def test_a_choice_explains_every_answer_and_a_wrong_one_offers_again_alone(
    client: Any, person: Any, seen: Any
) -> None:
    pages = [client.get(f"/review?card={CHOICE}&seed=3&given={letter}").text for letter in "abc"]
    for page in pages:
        assert page.count("ask-reasons") == 1
        assert "They get exactly 0" in page
        assert "Forbidden keys have taken their share" in page
    assert sorted(page.count('name="grade"') for page in pages) == [1, 1, 4]
    wrong = next("abc"[n] for n, page in enumerate(pages) if page.count('name="grade"') == 1)
    refused = person.act("/review/answer", card=CHOICE, seed="3", given=wrong, grade="easy")
    assert refused.status_code == 400
    assert "its grade is again" in refused.text


def test_the_last_answer_is_taken_back(person: Any, desk: Desk, seen: Any) -> None:
    assert "Take the last answer back" not in seen("/review")
    person.act("/review/answer", card=RECALL, seed="1", given="", grade="easy")
    assert "Take the last answer back" in seen("/review")
    assert person.act("/review/undo").status_code == 303
    assert read_reviews(desk.ledger()).standing == []
    refused = person.act("/review/undo")
    assert refused.status_code == 400
    assert "no answer of today" in refused.text


def test_an_answer_that_is_sent_twice_counts_once(person: Any, desk: Desk) -> None:
    said = [
        person.act("/review/answer", card=RECALL, seed="1", given="", grade=grade)
        for grade in ("good", "good", "easy")
    ]
    assert [each.status_code for each in said] == [303, 303, 400]
    assert "answered already, with good" in said[-1].text
    assert len(list(desk.ledger().rows("review"))) == 1


def test_a_card_that_was_set_aside_is_shown_with_its_lab_and_comes_back(
    person: Any, desk: Desk, seen: Any
) -> None:
    for seed in range(8):
        person.act("/review/answer", card=RECALL, seed=str(seed), given="", grade="again")
    assert "Set aside" in seen("/review")
    assert person.act("/review/bring-back", card=RECALL).status_code == 303
    assert RECALL in read_deck(desk).queue().now
    assert "Set aside" not in seen("/review")


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/review/answer", {"card": RECALL, "grade": "good", "seed": "1"}),
        ("/review/undo", {}),
        ("/review/bring-back", {"card": RECALL}),
        ("/review/labs/attention/begin", {}),
        ("/review/labs/attention/hand-in", {}),
    ],
)
def test_no_other_page_and_no_old_page_changes_anything(
    client: Any, settings: Any, desk: Desk, address: str, fields: dict[str, str]
) -> None:
    before = len(list(desk.ledger().rows()))
    client.cookies.set(settings.cookie, settings.token)
    own = {"origin": "http://127.0.0.1:8321", "sec-fetch-site": "same-origin"}
    other = {"origin": "http://elsewhere.example", "sec-fetch-site": "cross-site"}
    with_token = {**fields, "token": settings.token}
    assert client.post(address, data=with_token, headers=other).status_code == 403
    assert client.post(address, data={**fields, "token": "old"}, headers=own).status_code == 403
    assert client.get(address).status_code in (404, 405)
    assert len(list(desk.ledger().rows())) == before


@pytest.mark.parametrize(
    "fields",
    [
        {"card": "attention/nothing", "grade": "good", "seed": "1"},
        {"card": RECALL, "grade": "perfect", "seed": "1"},
        {"card": RECALL, "grade": "good", "seed": "-1"},
        {"card": RECALL, "grade": "good", "seed": "9" * 40},
        {"card": RECALL, "grade": "good", "seed": "²"},
        {"card": CHOICE, "grade": "good", "seed": "1", "given": "zz"},
        {},
    ],
)
def test_what_no_page_sends_is_refused_in_a_sentence(
    person: Any, desk: Desk, fields: dict[str, str]
) -> None:
    answer = person.script("/review/answer", **{"card": "", **fields})
    assert answer.status_code == 400
    assert answer.json()["message"].endswith((".", "?", "easy."))
    assert not list(desk.ledger().rows("review"))


def test_an_unknown_card_in_the_address_is_said_and_shown_as_text(client: Any) -> None:
    answer = client.get("/review?card=<script>alert(1)</script>")
    assert answer.status_code == 400
    assert "<script>alert" not in answer.text


def test_a_claim_is_begun_and_its_page_says_where_to_write(
    client: Any, person: Any, desk: Desk, monkeypatch: Any, seen: Any
) -> None:
    claim = ("weights_add_up_to_one", "The weights add up to one.")
    monkeypatch.setattr("gradus.desk.again._claim_to_ask", lambda *_: claim)
    assert client.get("/review/labs/attention").headers["location"] == "/review"
    assert person.act("/review/labs/attention/begin").status_code == 303
    page = seen("/review/labs/attention")
    assert "The weights add up to one." in page
    assert "reviews/attention/1" in page
    assert "The weights add up to one." in seen("/review"), "what was begun stays in sight"
    assert begin_again(desk, "attention").number == 1


@pytest.mark.parametrize("verdict", [Verdict.PASSED, Verdict.FAILED, Verdict.UNJUDGED])
def test_what_is_handed_in_is_written_judged_and_told(
    client: Any,
    person: Any,
    desk: Desk,
    monkeypatch: Any,
    seen: Any,
    judged_as: Any,
    verdict: Verdict,
) -> None:
    said = judged_as("attention", verdict)
    monkeypatch.setattr("gradus.desk.again._claim_to_ask", lambda *_: ("x", "It is so."))
    monkeypatch.setattr("gradus.desk.again.judge_claim", lambda *_, **__: said)
    folder = begin_again(desk, "attention").folder
    hidden = fields(client.get("/review/labs/attention").text)
    answer = person.act("/review/labs/attention/hand-in", **{**hidden, "text": "x = 1\n"})
    assert (folder / "attention.py").read_text() == "x = 1\n"
    acts = [row.facts["act"] for row in desk.ledger().rows("review")]
    if verdict is Verdict.UNJUDGED:
        assert answer.status_code == 200
        assert "Gradus failed, not your code" in answer.text
        assert acts == ["asked"]
        return
    assert answer.status_code == 303
    assert acts == ["asked", "done"]
    words = {Verdict.PASSED: "It held.", Verdict.FAILED: "The lab fades"}[verdict]
    assert words in seen("/review/labs/attention")


def test_a_page_that_is_older_than_the_file_overwrites_nothing(
    client: Any, person: Any, desk: Desk, monkeypatch: Any
) -> None:
    monkeypatch.setattr("gradus.desk.again._claim_to_ask", lambda *_: ("x", "It is so."))
    asked = begin_again(desk, "attention")
    hidden = fields(client.get("/review/labs/attention").text)
    (asked.folder / "attention.py").write_text("# newer\n")
    refused = person.act("/review/labs/attention/hand-in", **{**hidden, "text": "# older\n"})
    assert refused.status_code == 400
    assert "changed on disk" in refused.text
    assert (asked.folder / "attention.py").read_text() == "# newer\n"


def test_a_lab_that_was_not_passed_is_not_begun(person: Any, desk: Desk) -> None:
    answer = person.act("/review/labs/matmul/begin")
    assert answer.status_code == 400
    assert "not passed yet" in answer.text


def test_a_fading_skill_is_marked_and_leads_to_review(desk: Desk, seen: Any, client: Any) -> None:
    facts = {"act": "done", "lab": "attention", "verdict": "FAILED"}
    desk.ledger().append("review", facts)
    assert "fading" in seen("/progress")
    assert 'href="/review">fading' in client.get("/progress").text
