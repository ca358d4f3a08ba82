"""A profile is read with the line of whatever is wrong, and written without touching the rest."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.catalogue import load_catalogue
from gradus.core.errors import UsageError
from gradus.core.learner import Background, DaysOff, LearnerProfile
from gradus.desk import answers
from gradus.desk.desk import Desk
from gradus.desk.profile import answer, learner_profile, profile_read, said_skills
from gradus.desk.workspace import MARK, create_workspace
from gradus.judge import Pool

TODAY = date(2026, 11, 26)
WHOLE = load_catalogue()


def desk_in(place: Path, text: str = "") -> Desk:
    """Return a desk whose `gradus.toml` is this text."""
    desk = Desk(WHOLE, create_workspace(place), Pool(lambda environment, imports: None))
    if text:
        (place / MARK).write_text(text, encoding="utf-8")
    return desk


@pytest.fixture
def desk(tmp_path):
    with desk_in(tmp_path) as desk:
        yield desk


def write(desk: Desk, text: str) -> None:
    """Write the whole of `gradus.toml`."""
    (desk.here().root / MARK).write_text(text, encoding="utf-8")


def text_of(desk: Desk) -> str:
    """Return the whole of `gradus.toml`."""
    return (desk.here().root / MARK).read_text(encoding="utf-8")


def test_a_workspace_without_a_profile_has_the_usual_one(desk):
    assert learner_profile(desk, TODAY) == LearnerProfile()


def test_what_is_answered_comes_back(desk):
    given = {
        "background": "from-zero",
        "hours": "mon=1.5 sat=4",
        "start": "2026-12-01",
        "target": "2027-06-30",
        "role": "ml-engineer",
        "track": "job-a",
        "days_off": "2026-12-24..2026-12-31 Christmas; 2027-01-06",
        "known": "py-basics, sql-joins",
    }
    profile = answer(desk, given, TODAY)
    assert profile == learner_profile(desk, TODAY)
    assert profile == LearnerProfile(
        background=Background.FROM_ZERO,
        minutes=(90, 0, 0, 0, 0, 240, 0),
        start=date(2026, 12, 1),
        target=date(2027, 6, 30),
        track="job-a",
        role="ml-engineer",
        days_off=(
            DaysOff(date(2026, 12, 24), date(2026, 12, 31), "Christmas"),
            DaysOff(date(2027, 1, 6), date(2027, 1, 6)),
        ),
        said=("py-basics", "sql-joins"),
    )
    assert answer(desk, dict.fromkeys(given, "none"), TODAY) == LearnerProfile()
    assert tomllib.loads(text_of(desk))["profile"] == {"hours_per_week": 10.5}


MINE = """\
# my own words
format = 1

[other]  # of another tool
kept = [1,
  2]

[profile] # about me
background = "student"  # for now
reason = "gaps"
shoe_size = 43
hours_per_week = 14
# to the end
"""


def test_only_what_is_answered_changes_in_the_file(desk):
    write(desk, MINE)
    answer(desk, {"background": "data-scientist"}, TODAY)
    assert text_of(desk) == MINE.replace('"student"', '"data-scientist"')
    answer(desk, {"hours": "7"}, TODAY)
    assert text_of(desk) == MINE.replace('"student"', '"data-scientist"').replace("14", "7")


def test_an_answer_that_changes_nothing_writes_nothing(desk):
    write(desk, MINE)
    answer(desk, {"background": "student", "hours": "14", "role": " "}, TODAY)
    assert text_of(desk) == MINE
    assert list(desk.ledger().rows("profile")) == []


def test_answers_are_in_the_record(desk):
    answer(desk, {"hours": "7", "target": "2027-01-31"}, TODAY)
    (row,) = desk.ledger().rows("profile")
    assert row.facts == {"hours": [60] * 7, "target": "2027-01-31"}


@pytest.mark.parametrize(
    ("earlier", "now"),
    [
        ("programmer", Background.SOFTWARE_ENGINEER),
        ("ml-engineer", Background.SOFTWARE_ENGINEER),
        ("data", Background.DATA_SCIENTIST),
        ("ml", Background.DATA_SCIENTIST),
        ("starting", Background.FROM_ZERO),
    ],
)
def test_what_the_first_page_wrote_before_is_still_read(desk, earlier, now):
    lines = [f'background = "{earlier}"', 'reason = "gaps"', 'hours_per_week = "10"']
    write(desk, "\n".join(["format = 1", "[profile]", 'first_run = "answered"', *lines]))
    profile = learner_profile(desk, TODAY)
    assert profile.background is now
    assert sum(profile.minutes) == 600
    assert max(profile.minutes) - min(profile.minutes) == 1


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        ('background = "studnt"', 2, "There is no background 'studnt'. Did you mean 'student'?"),
        ("background = 3", 2, "'background' has to be a text in quotation marks."),
        ("hours_per_week = 0", 2, "Every weekday has 0 hours, so nothing can be planned."),
        ("hours_per_week = 169", 2, "A week has 168 hours; 169 is no number of them."),
        ("hours_per_week = true", 2, "'hours_per_week' has to be a number."),
        ("hours_per_week = nan", 2, "'nan' is no number of hours"),
        ("hours = 3", 2, "'hours' has to be a table by weekday: [profile.hours]."),
        ("[profile.hours]\nmonday = 25", 3, "A day has 24 hours; 25 is no number of them."),
        ("[profile.hours]\nmonday = -1", 3, "A day has 24 hours; -1 is no number of them."),
        ('[profile.hours]\nmonday = "x"', 3, "'monday' has to be a number of hours."),
        ("[profile.hours]\nmoonday = 2", 3, "There is no weekday 'moonday'. Did you mean 'monday'"),
        ("[profile.hours]\nmonday = 0", 2, "Every weekday has 0 hours"),
        (
            "hours_per_week = 3\n[profile.hours]\nmonday = 2",
            3,
            "Hours stand both by weekday and as",
        ),
        ('start = "2027-02-29"', 2, "There is no 2027-02-29: February 2027 has 28 days."),
        ('start = "2027-13-01"', 2, "There is no 2027-13-01: a year has the months 01 to 12."),
        ("start = 2027-02-29", 2, "There is no 2027-02-29: February 2027 has 28 days."),
        ("start = 2027-04-31", 2, "There is no 2027-04-31: April 2027 has 30 days."),
        ('start = "soon"', 2, "'soon' is no day. Write it as year, month and day: 2027-03-01."),
        ("start = 2027-03-01T10:00:00", 2, "'start' has to be a day, such as start = 2027-03-01."),
        ("target = 2026-11-25", 2, "The target 2026-11-25 was yesterday. Choose a later day"),
        ("target = 2025-11-26", 2, "The target 2025-11-26 was 365 days ago."),
        (
            "start = 2027-02-01\ntarget = 2027-01-01",
            3,
            "The target 2027-01-01 lies before the start",
        ),
        ('role = "ml-enginer"', 2, "There is no role 'ml-enginer'. Did you mean 'ml-engineer'?"),
        (
            'track = "five-step"',
            2,
            "There is no track named 'five-step'. Did you mean 'five-steps'?",
        ),
        ('known = ["py-basic"]', 2, "There is no skill 'py-basic'. Did you mean 'py-basics'?"),
        ('known = "py-basics"', 2, "'known' has to be a list of skill ids."),
        ("days_off = 3", 2, "'days_off' has to be a list of tables: [[profile.days_off]]."),
        ("[[profile.days_off]]\nlast = 2026-12-20", 2, "Days off have a 'first' day."),
        ("[[profile.days_off]]\nfirst = 2026-12-24\nlast = 2026-12-20", 4, "The days off from"),
    ],
)
def test_each_malformed_value_is_named_with_its_line(desk, lines, line, said):
    write(desk, f"[profile]\n{lines}\n")
    with pytest.raises(UsageError) as caught:
        learner_profile(desk, TODAY)
    place = f"{desk.here().root / MARK}:{line}: {said}"
    assert str(caught.value).startswith(place), str(caught.value)


def test_29_february_of_a_leap_year_is_a_day(desk):
    write(desk, "[profile]\ntarget = 2028-02-29\n")
    assert learner_profile(desk, TODAY).target == date(2028, 2, 29)


def test_everything_that_is_wrong_is_said_at_once_and_the_rest_is_read(desk):
    write(desk, '[profile]\nbackground = "x"\nrole = "y"\nstart = 2027-01-01\n')
    read = profile_read(desk, TODAY)
    assert [key for key, _ in read.wrong] == ["background", "role"]
    assert read.profile.start == date(2027, 1, 1)


def test_an_answer_mends_what_it_is_about_and_leaves_the_rest_to_its_writer(desk):
    text = '[profile]\nbackground = "x"\nrole = "y"\n'
    write(desk, text)
    with pytest.raises(UsageError, match="There is no role 'y'"):
        answer(desk, {"background": "student"}, TODAY)
    assert text_of(desk) == text
    answer(desk, {"background": "student", "role": "none"}, TODAY)
    assert text_of(desk) == '[profile]\nbackground = "student"\n'


def test_a_key_that_looks_misspelt_is_noted_and_stops_nothing(desk):
    write(desk, '[profile]\ntraget = 2027-01-01\nshoe_size = 43\nreason = "gaps"\n')
    read = profile_read(desk, TODAY)
    assert read.wrong == ()
    (note,) = read.notes
    assert note.endswith("gradus.toml:2: 'traget' is not read. Did you mean 'target'?")


def test_a_cyclic_track_of_ones_own_says_where(desk):
    own = desk.here().tracks
    own.mkdir()
    stage = '[[stages]]\nid = "a"\ntitle = "A"\nitems = ["M03", "M01"]\n'
    (own / "mine.toml").write_text(f'format = 1\ntitle = "Mine"\nabout = "Mine."\n{stage}')
    write(desk, '[profile]\ntrack = "mine"\n')
    with pytest.raises(UsageError, match=r"mine\.toml:7: 'M03' needs 'M01', which the track puts"):
        learner_profile(desk, TODAY)
    (own / "mine.toml").write_text(
        f'format = 1\ntitle = "Mine"\nabout = "Mine."\n{stage}'.replace('"M03", ', "")
    )
    assert learner_profile(desk, TODAY).track == "mine"
    assert desk.catalogue.track("mine").items() == ("M01",)
    answer(desk, {"track": "none"}, TODAY)
    assert learner_profile(desk, TODAY).track == ""


def test_what_is_said_is_read_even_beside_a_fault(desk):
    write(desk, '[profile]\ntarget = 2020-01-01\nknown = ["py-basics", "nothing"]\n')
    assert said_skills(desk) == ("py-basics",)
    write(desk, "[profile\n")
    assert said_skills(desk) == ()


def test_an_unknown_question_is_refused(desk):
    with pytest.raises(UsageError, match=r"does not ask for 'hour'\. Did you mean 'hours'\?"):
        answer(desk, {"hour": "3"}, TODAY)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("10.5", (90,) * 7),
        ("10", (86, 86, 86, 86, 86, 85, 85)),
        ("1,1.5,0,0,0,3,0.25", (60, 90, 0, 0, 0, 180, 15)),
        ("mon=2; thu=1.5", (120, 0, 0, 90, 0, 0, 0)),
        ("Sunday=1", (0, 0, 0, 0, 0, 0, 60)),
    ],
)
def test_hours_are_written_in_three_ways(text, minutes):
    assert answers.hours(text) == minutes


@pytest.mark.parametrize("text", ["", "1,2", "x", "mon=x", "t=3", "mon=", "inf", "-1"])
def test_hours_that_are_none_are_refused(text):
    with pytest.raises(UsageError):
        answers.hours(text)


days = st.dates(date(2026, 11, 26), date(2030, 12, 31))
profiles = st.builds(
    LearnerProfile,
    background=st.none() | st.sampled_from(Background),
    minutes=st.tuples(*[st.integers(0, 24 * 60)] * 7).filter(any),
    start=st.none() | days,
    track=st.sampled_from(["", *WHOLE.tracks]),
    role=st.sampled_from(["", *WHOLE.roles]),
    days_off=st.lists(
        st.builds(
            lambda a, b, name: DaysOff(min(a, b), max(a, b), name),
            days,
            days,
            st.text(st.characters(codec="utf-8", exclude_characters=";"), max_size=9).map(
                str.strip
            ),
        ),
        max_size=3,
    ).map(tuple),
    said=st.lists(st.sampled_from(list(WHOLE.skills)), unique=True, max_size=4).map(tuple),
)


@given(profiles)
@settings(max_examples=30, deadline=None)
def test_any_profile_that_is_answered_comes_back(tmp_path_factory, profile):
    given = {
        "background": profile.background or "",
        "hours": ",".join(str(minutes / 60) for minutes in profile.minutes),
        "start": str(profile.start or ""),
        "track": profile.track,
        "role": profile.role,
        "days_off": "; ".join(
            f"{each.first}..{each.last} {each.name}" for each in profile.days_off
        ),
        "known": " ".join(profile.said),
    }
    with desk_in(tmp_path_factory.mktemp("profile"), MINE) as desk:
        told = answer(desk, {"background": "none", **given}, TODAY)
        assert learner_profile(desk, TODAY) == told
        for field in ("minutes", "start", "track", "role", "days_off", "said"):
            assert getattr(told, field) == getattr(profile, field), field
        after = tomllib.loads(text_of(desk))
        assert after["other"] == {"kept": [1, 2]}
        assert (after["profile"]["shoe_size"], after["profile"]["reason"]) == (43, "gaps")
        for comment in ("# my own words", "# of another tool", "# about me", "# to the end"):
            assert comment in text_of(desk)
