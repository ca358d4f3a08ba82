"""The table of tracks is the one that its command makes today."""

import importlib.util
from pathlib import Path

import pytest

from gradus.catalogue import load_catalogue
from gradus.core.learner import Background

SCRIPT = Path(__file__).parents[2] / "scripts" / "track_table.py"


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("track_table", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_table_of_tracks_is_current_and_every_plan_in_it_complete(script):
    table = script.table()
    assert table == script.PAGE.read_text(encoding="utf-8"), "python scripts/track_table.py"
    assert table.count("| yes |") == 45


def test_a_day_that_is_too_full_or_a_need_that_comes_late_is_not_complete(script):
    catalogue = load_catalogue()
    plan = script.lay(catalogue, catalogue.tracks["five-steps"], Background.STUDENT, 10.5)
    assert script.is_complete(catalogue, plan, 10.5)
    assert not script.is_complete(catalogue, plan, 10)
    turned = type(plan)(plan.made_on, plan.track, plan.items[::-1])
    assert not script.is_complete(catalogue, turned, 10.5)
    short = type(plan)(plan.made_on, plan.track, plan.items[:-1])
    assert not script.is_complete(catalogue, short, 10.5)


def test_a_length_is_compared_with_the_span_of_its_background(script):
    track = load_catalogue().tracks["five-steps"]
    assert track.span_of(Background.SOFTWARE_ENGINEER) == (39, 65)
    assert track.span_of(Background.DATA_SCIENTIST) is None
    assert script.compared(41, (39, 65)) == "agrees"
    assert script.compared(30, (39, 65)) == "9 weeks shorter"
    assert script.compared(70, (39, 65)) == "5 weeks longer"
