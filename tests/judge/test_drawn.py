"""What is drawn before a save is what would be drawn after it, and is never out of date."""

import shutil
from dataclasses import replace

import pytest

from gradus.core.errors import ContentError
from gradus.core.verdict import Verdict
from gradus.judge import draw_ahead, drawn, judge, reference_submission, variant_submissions


@pytest.fixture
def copied(lab, tmp_path):
    """Return the lab in a content folder of its own, with a simulator beside it."""
    folder = tmp_path / "labs" / lab.folder.name
    shutil.copytree(lab.folder, folder)
    (tmp_path / "simulators").mkdir()
    (tmp_path / "simulators" / "shift.py").write_text("SHIFT = 1000.0\n")
    return replace(lab, folder=folder)


def said(judgement):
    """Return all of a judgement but how long it took."""
    return replace(judgement, seconds=0.0, figures={})


@pytest.mark.parametrize("family", ["right", "wrong"])
def test_an_attempt_comes_to_the_same(lab, pool, family):
    for each in variant_submissions(lab, family):
        alone = judge(lab, each.submission, seed=3, pool=pool)
        ready = draw_ahead(lab, 3)
        assert said(judge(lab, each.submission, seed=3, pool=pool, drawn=ready)) == said(alone)


def test_nothing_is_drawn_or_loaded_once_more(lab, pool, monkeypatch):
    ready = draw_ahead(lab, 3)
    assert not ready.ahead.draw_one(), "everything was drawn"
    assert ready.rehearsal is not None
    assert len(ready.rehearsal._begun) > 50, "and began"
    monkeypatch.setattr(drawn, "load_specification", None)
    judgement = judge(lab, reference_submission(lab), seed=3, pool=pool, drawn=ready)
    assert judgement.verdict is Verdict.PASSED
    assert ready.rehearsal._begun == {}, "nothing of it is left"


def test_it_is_not_for_another_seed_or_lab(lab):
    ready = draw_ahead(lab, 3)
    assert ready.fits(lab, 3)
    assert not ready.fits(lab, 4)
    assert not ready.fits(replace(lab, version="another"), 3)


def test_an_edited_check_is_what_judges(copied, pool):
    ready = draw_ahead(copied, 3)
    check = copied.folder / "check.py"
    check.write_text(check.read_text() + '\n\n@claim("New.")\ndef new(softmax):\n    pass\n')
    assert not ready.fits(copied, 3)
    judgement = judge(copied, reference_submission(copied), seed=3, pool=pool, drawn=ready)
    assert judgement.claims[-1].sentence == "New."


def test_an_edited_simulator_is_noticed(copied):
    ready = draw_ahead(copied, 3)
    content = copied.folder.parent.parent
    (content / "another.py").write_text("SHIFT = 2.0\n")
    assert ready.fits(copied, 3)
    (content / "simulators" / "shift.py").write_text("SHIFT = 2.0\n")
    assert not ready.fits(copied, 3)


def test_a_check_that_does_not_load_says_so_at_once(copied):
    (copied.folder / "check.py").write_text("x = = 3\n")
    with pytest.raises(ContentError, match=r"check\.py does not load"):
        draw_ahead(copied, 3)


def test_a_fault_of_a_draw_is_ours_when_it_is_met(copied, pool):
    check = copied.folder / "check.py"
    broken = "\n\n@draw.composite\ndef broken(pick):\n    raise KeyError('no such input')\n\n\n"
    claim = '@claim("New.", x=broken())\ndef new(softmax, x):\n    pass\n'
    check.write_text(check.read_text() + broken + claim)
    ready = draw_ahead(copied, 3)
    judgement = judge(copied, reference_submission(copied), seed=3, pool=pool, drawn=ready)
    assert judgement.verdict is Verdict.UNJUDGED
    assert "no such input" in judgement.reason
