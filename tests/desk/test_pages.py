"""What the map and the progress page read, from content and record."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from gradus.catalogue import load_catalogue
from gradus.core.catalogue import Catalogue
from gradus.core.work import Span
from gradus.desk.labels import layer_label, skill_label
from gradus.desk.pages import FIRST_WEEK, lab_refs, next_lab, skill_views, standings_of
from gradus.desk.progress_page import days_of_work
from gradus.desk.view import LabRef
from gradus.planner.mastery import Standing

BEGAN = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The content of this checkout."""
    return load_catalogue()


def test_every_item_of_the_curriculum_has_a_place_in_its_order(catalogue: Catalogue) -> None:
    labs = lab_refs(standings_of(catalogue))
    assert list(labs)[: len(catalogue.curriculum)] == list(catalogue.curriculum)
    there = {lab.curriculum_id for lab in catalogue.labs.values()}
    for name, ref in labs.items():
        assert ref.exists == (name in there)


def test_opens_is_the_other_side_of_needs(catalogue: Catalogue) -> None:
    known = standings_of(catalogue)
    skills = skill_views(known, lab_refs(known))
    for skill in skills.values():
        for need in skill.needs:
            assert skill.id in skills[need].opens


def test_a_beginner_starts_with_the_first_lab_of_the_first_week(catalogue: Catalogue) -> None:
    labs = lab_refs(standings_of(catalogue))
    found = next_lab(labs)
    assert found is not None
    assert found.address == FIRST_WEEK[0]


def test_what_was_begun_last_goes_on_until_it_is_passed() -> None:
    def ref(name: str, standing: Standing) -> LabRef:
        return LabRef(name, name, 1, (), "layer", standing)

    labs = {
        "F01": ref("F01", Standing.IN_PROGRESS),
        "F02": ref("F02", Standing.IN_REACH),
        "F03": ref("F03", Standing.NO_LAB_YET),
    }
    assert next_lab(labs, "F01") == labs["F01"]
    assert next_lab(labs, "F03") == labs["F02"]
    assert next_lab({"F03": labs["F03"]}) is None


def test_labels_are_short_and_never_doubled(catalogue: Catalogue) -> None:
    labels = [skill_label(skill) for skill in catalogue.skills]
    assert len(set(labels)) == len(labels)
    assert max(map(len, labels)) <= 26
    assert skill_label("sql-window-functions") == "SQL window functions"
    assert skill_label("never-seen-before") == "Never seen before"
    shorts = [layer_label(layer.title) for layer in catalogue.layers]
    assert len(set(shorts)) == len(shorts)
    assert max(map(len, shorts)) <= 14


def test_a_day_has_the_minutes_that_were_measured_on_it() -> None:
    at = BEGAN.astimezone()
    work = [Span("matmul", at, at + timedelta(minutes=25), "page")]
    (day,) = days_of_work([SimpleNamespace(at=at, verdict="PASSED")], work, at.date())
    assert (day.passed, day.minutes) == (1, 25)


def test_days_without_work_are_days_too(tmp_path: Path) -> None:
    assert days_of_work((), (), BEGAN.date()) == ()
