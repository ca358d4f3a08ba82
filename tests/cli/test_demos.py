"""`gradus demo production`: what a person reads of the story, and of what is missing."""

import json
from collections.abc import Callable

import pytest

from gradus.cli import demos
from gradus.desk.demos import Pace, Step
from gradus.desk.environments import spec_of

STORY = (
    Step("model", "A model is trained.", 9.4, "http://127.0.0.1:1234/"),
    Step("drift", "The sales begin.", 41.0, "http://127.0.0.1:1234/"),
    Step("end", "It is calm again.", 112.6, "http://127.0.0.1:1234/"),
)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[Pace]]:
    """Let the story be told at once, and end as is said."""

    def end_with(fault: str) -> list[Pace]:
        paces: list[Pace] = []

        def tell(catalogue, pace: Pace, say: Callable[[Step], None]) -> str:
            paces.append(pace)
            for step in STORY[: 2 if fault else 3]:
                say(step)
            return fault

        monkeypatch.setattr(demos, "tell_production", tell)
        return paces

    return end_with


def test_the_story_is_told_step_by_step(gradus, golden, told):
    paces = told("")
    golden("demo_production", gradus("demo", "production", "--no-browser", "--seconds", "80"))
    assert paces == [Pace(None, 80.0, False, 0.0)]


def test_a_story_that_breaks_off_says_why(gradus, golden, told):
    told("the drift was not noticed within a day")
    golden("demo_production_stopped", gradus("demo", "production", "--no-browser", "--fast"))


def test_a_missing_environment_is_said_with_the_command(gradus, golden, monkeypatch):
    monkeypatch.setattr(
        "gradus.desk.demos.spec_of", lambda catalogue, _: spec_of(catalogue, "base")
    )
    golden("demo_production_no_environment", gradus("demo", "production", "--no-browser"))


def test_the_browser_opens_once_and_the_page_stays_then(gradus, told, monkeypatch):
    paces, opened = told(""), []
    monkeypatch.setattr(demos.webbrowser, "open", opened.append)
    assert gradus("demo", "production", "--fast", "--port", "1234").status == 0
    assert paces == [Pace(1234, 100.0, True, demos.STAYS)]
    assert opened == ["http://127.0.0.1:1234/"]


def test_a_program_gets_every_step_in_one_object(gradus, told):
    told("")
    ran = gradus("demo", "production", "--no-browser", "--json")
    said = json.loads(ran.out)
    assert [step["name"] for step in said["steps"]] == ["model", "drift", "end"]
    assert said["fault"] == ""


def test_the_help_names_what_can_be_shown(gradus, golden):
    golden("demo_help", gradus("demo"))
    golden("demo_production_help", gradus("demo", "production", "--help"))
