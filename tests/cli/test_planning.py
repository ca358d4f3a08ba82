"""What a learner says of their time and aim, the tracks, and testing out, as text."""

import json
import sys
from datetime import date

import pytest

from gradus.desk import plan_page, planning, profile
from gradus.desk.desk import sit_down

TODAY = date(2026, 11, 26)


@pytest.fixture(autouse=True)
def on_a_day(monkeypatch):
    for module, name in ((profile, "today"), (planning, "today"), (plan_page, "this_day")):
        monkeypatch.setattr(module, name, lambda: TODAY)


@pytest.fixture
def typed(monkeypatch):
    """Let somebody sit at the terminal who types these lines."""

    def type_lines(*lines: str) -> None:
        waiting = list(lines)

        def read(prompt: str, **settings: object) -> str:
            print(f"{prompt}: {waiting[0]}")
            return waiting.pop(0)

        monkeypatch.setattr("click.prompt", read)
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True)

    return type_lines


def test_without_a_workspace_there_is_no_plan(gradus, golden):
    golden("plan_no_workspace", gradus("plan"))


def test_tracks_are_listed_with_what_their_source_says(gradus, golden):
    golden("plan_tracks", gradus("plan", "--tracks"))


def test_a_track_of_ones_own_is_listed_and_a_malformed_one_says_why(gradus, golden, home):
    gradus("plan", "--track", "two-steps")
    own = home / "gradus" / "tracks"
    own.mkdir()
    text = 'format = 1\ntitle = "Mine"\nabout = "Mine."\n[[stages]]\nid = "one"\ntitle = "One"\n'
    (own / "mine.toml").write_text(text + 'items = ["M06"]\n')
    (own / "odd.toml").write_text(text + 'items = ["M06", "M5"]\n')
    golden("plan_tracks_own", gradus("plan", "--tracks"))
    golden("plan_track_malformed", gradus("plan", "--track", "odd"))
    assert gradus("plan", "--track", "mine").status == 0
    listed = json.loads(gradus("plan", "--tracks", "--json").out)
    assert [each["track"] for each in listed["tracks"]] == ["two-steps", "mine", "odd"]
    assert "odd.toml:7" in listed["tracks"][2]["wrong"][0]


def test_answers_are_given_as_options(gradus, golden, home):
    words = ["--background", "student", "--hours", "mon=1.5,sat=4", "--start", "2026-12-01"]
    words += ["--target", "2027-06-30", "--role", "ml-engineer", "--track", "two-steps"]
    words += ["--days-off", "2026-12-24..2026-12-31 Christmas; 2027-01-06", "--known", "la-eigen"]
    golden("plan_set_up", gradus("plan", "--setup", *words))
    golden("plan_profile", gradus("plan", "--profile"))
    assert json.loads(gradus("plan", "--profile", "--json").out)["hours"]["saturday"] == 4
    taken_back = json.loads(gradus("plan", "--target", "none", "--json").out)
    assert (taken_back["target"], taken_back["start"]) == (None, "2026-12-01")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("background", ["--background", "studnt"]),
        ("hours_zero", ["--hours", "0"]),
        ("hours_many", ["--hours", "200"]),
        ("hours_words", ["--hours", "a lot"]),
        ("hours_weekday", ["--hours", "mon=1 tuedsay=2"]),
        ("target_past", ["--target", "2026-11-25"]),
        ("target_leap", ["--target", "2027-02-29"]),
        ("target_words", ["--target", "soon"]),
        ("target_start", ["--start", "2027-02-01", "--target", "2027-01-01"]),
        ("target_no_time", ["--target", "2026-11-27", "--hours", "mon=2"]),
        ("role", ["--role", "ml-enginer"]),
        ("track", ["--track", "two-step"]),
        ("days_off", ["--days-off", "2026-12-31..2026-12-24"]),
        ("known", ["--known", "la-eigne"]),
    ],
)
def test_an_answer_that_cannot_be_says_why_and_writes_nothing(gradus, golden, home, name, words):
    gradus("plan", "--hours", "5")
    before = (home / "gradus" / "gradus.toml").read_bytes()
    golden(f"plan_wrong_{name}", gradus("plan", *words))
    assert (home / "gradus" / "gradus.toml").read_bytes() == before


def test_a_malformed_file_says_everything_that_is_wrong(gradus, golden, home):
    gradus("open", "M05")
    (home / "gradus" / "gradus.toml").write_text(
        'format = 1\n[profile]\nbackground = "studnt"\ntarget = 2026-11-01\nhours_per_week = 0\n'
        'known = ["la-eigne"]\n'
    )
    golden("plan_malformed", gradus("plan"))
    (home / "gradus" / "gradus.toml").write_text("[profile]\nstart = 2027-02-29\n")
    golden("plan_no_such_day", gradus("plan"))


def test_every_question_can_be_skipped(gradus, golden, home, typed):
    typed(*[""] * 8)
    golden("plan_skipped", gradus("plan", "--setup"))
    assert "[profile]" not in (home / "gradus" / "gradus.toml").read_text()


def test_a_wrong_answer_is_asked_for_again(gradus, golden, typed):
    typed("studnt", "student", "7", "", "2026-11-01", "", "", "", "", "", "", "2027-03-01", "")
    golden("plan_asked", gradus("plan", "--setup"))


def test_without_anybody_to_ask_the_options_are_named(gradus, golden):
    golden("plan_nobody", gradus("plan", "--setup"))


def test_a_placement_is_answered_at_the_terminal(gradus, golden, typed, monkeypatch):
    monkeypatch.setattr("gradus.desk.placement._first_seed", lambda desk: 3)
    gradus("open", "M05")
    typed("x", "", "q")
    golden("plan_placement", gradus("plan", "--placement"))


def test_a_placement_is_answered_with_options(gradus, golden, monkeypatch):
    monkeypatch.setattr("gradus.desk.placement._first_seed", lambda desk: 3)
    gradus("open", "M05")
    golden("plan_placement_asked", gradus("plan", "--placement"))
    asked = json.loads(gradus("plan", "--placement", "--json").out)["question"]
    assert "answer" not in asked
    n = int("".join(each for each in asked["text"] if each.isdigit()))
    first = gradus("plan", "--placement", "--answer", f"{n / (n + 1):.3f}")
    golden("plan_placement_right", first)
    second = json.loads(gradus("plan", "--placement", "--json").out)["question"]
    place = second["choices"].index("The last") + 1
    golden("plan_placement_placed", gradus("plan", "--placement", "--answer", str(place)))
    golden("plan_placement_over", gradus("plan", "--placement", "--answer", "1"))
    with sit_down() as desk:
        kept = [row.facts["event"] for row in desk.ledger().rows("placement")]
    assert kept == ["began", "answered", "answered"]
    assert json.loads(gradus("plan", "--again", "--json").out)["asked"] == 0


def test_a_tick_and_a_placement_show_nothing(gradus, monkeypatch):
    gradus("plan", "--known", "la-vectors-matrices")
    assert json.loads(gradus("progress", "--json").out)["skills"]["shown"] == 0
