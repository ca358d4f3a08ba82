"""What the pages of tracks and of the profile say."""

from pathlib import Path

import pytest

from gradus.core.errors import UsageError
from gradus.core.track import Span, Stage
from gradus.desk.desk import Desk
from gradus.desk.profile import answer, learner_profile
from gradus.desk.profile_form import as_answers, profile_form
from gradus.desk.tracks_page import span_text, track_page, tracks_page, when_text
from gradus.desk.workspace import create_workspace
from gradus.judge import Pool


@pytest.fixture
def desk(tmp_path: Path):
    from gradus.catalogue import load_catalogue

    def no_runtime(environment, imports):
        raise AssertionError("nothing is judged here")

    with Desk(load_catalogue(), create_workspace(tmp_path / "ws"), Pool(no_runtime)) as made:
        yield made


def test_every_track_has_a_page_with_all_of_its_labs(desk):
    for card in tracks_page(desk).cards:
        its = track_page(desk, card.id)
        shown = {lab.address for stage in its.stages for lab in stage.labs}
        assert len(shown) == card.n_items > 0
        assert all(each.views for each in its.disagreements)


def test_a_fork_shows_the_stages_before_it(desk):
    job, whole = track_page(desk, "job-a"), track_page(desk, "month-by-month")
    assert job.card.continues == whole.card.title
    assert job.stages[0] == whole.stages[0]
    assert job.stages[-1] != whole.stages[-1]


def test_what_a_track_needs_besides_is_closed_and_not_on_it(desk):
    for card in tracks_page(desk).cards:
        its = track_page(desk, card.id)
        on_it = {lab.address for stage in its.stages for lab in stage.labs}
        besides = {lab.address for lab in its.needed}
        assert not on_it & besides
        if card.id != "first-week":
            needs = {n for each in on_it | besides for n in desk.catalogue.curriculum[each].needs}
            assert needs <= on_it | besides


def test_an_unknown_track_is_answered_with_the_nearest(desk):
    with pytest.raises(UsageError, match="month-by-month"):
        track_page(desk, "month-by-mont")


def test_the_track_that_was_chosen_is_marked(desk):
    answer(desk, as_answers({"track": "five-steps"}))
    assert tracks_page(desk).chosen == "five-steps"
    assert track_page(desk, "five-steps").chosen
    assert not track_page(desk, "job-a").chosen


def test_a_filled_form_becomes_the_profile_and_comes_back(desk):
    filled = {f"hours_{n}": "1.5" if n < 5 else "" for n in range(7)} | {
        "background": "student",
        "days_off": "2099-12-24..2099-12-31 Holidays\n2100-01-06",
        "target": "2100-06-01",
        "known": "py-numpy",
    }
    answer(desk, as_answers(filled))
    form = profile_form(desk)
    assert [hours for _, hours in form.hours] == ["1.5"] * 5 + ["0"] * 2
    assert form.given["days_off"].splitlines() == [
        "2099-12-24..2099-12-31 Holidays",
        "2100-01-06..2100-01-06",
    ]
    assert (form.given["background"], form.given["known"]) == ("student", "py-numpy")
    assert learner_profile(desk).minutes == (90, 90, 90, 90, 90, 0, 0)


def test_a_field_that_was_emptied_takes_its_answer_back(desk):
    answer(desk, as_answers({"target": "2100-06-01", "background": "student"}))
    answer(desk, as_answers({"target": ""}))
    form = profile_form(desk)
    assert form.given["target"] == ""
    assert form.given["background"] == "student"


def test_what_cannot_be_comes_back_as_it_was_sent(desk):
    filled = {"target": "2001-01-01", "hours_0": "30"}
    form = profile_form(desk, filled, ("no",))
    assert form.given["target"] == "2001-01-01"
    assert form.hours[0] == ("Monday", "30")
    assert form.wrong == ("no",)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (Span("software-engineer", 26, 52, "000 L127"), "6 to 12 months for a software engineer"),
        (Span("", 52, 52, "001"), "12 months for everybody"),
        (Span("from-zero", 78, 104, "x"), "18 to 24 months from zero"),
    ],
)
def test_a_span_is_said_in_months(span, words):
    assert span_text(span).startswith(words)


def test_a_stage_says_its_time_only_where_the_source_does():
    assert when_text(Stage("a", "A", (), 1, 2, "month")) == "months 1 to 2"
    assert when_text(Stage("a", "A", (), 12, 12, "week")) == "week 12"
    assert when_text(Stage("a", "A", ())) == ""
