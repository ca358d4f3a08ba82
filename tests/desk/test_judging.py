"""Checks: what was drawn for them before, and answers about a case of the learner's own."""

from pathlib import Path

import pytest

from gradus.core.errors import ContentError, UsageError
from gradus.core.verdict import Judgement, Verdict
from gradus.desk.desk import Desk
from gradus.desk.judging import MOST_DRAWN, check_lab, get_ready
from gradus.desk.learning import open_lab
from gradus.desk.record import attempts
from gradus.desk.workspace import case_seed_of

LAB = "post-mortem"


def the_answers(desk: Desk, case_seed: int, folder: Path) -> Path:
    """Write the right answers about a case into a file of the learner's."""
    from gradus.judge.specification import load_case

    lab = desk.catalogue.lab(LAB)
    names: dict[str, object] = {}
    exec((lab.folder / "reference" / "build.py").read_text(), names)
    build = names["build"]
    assert callable(build)
    folder.mkdir()
    build(folder, load_case(lab, case_seed)[1])
    return (folder / "answers.toml").rename(folder / "mine.toml")


def judged(desk: Desk, file: Path) -> Judgement:
    return check_lab(desk, LAB, file=file, seed=1)


def test_a_file_is_judged_on_the_case_of_the_lab_that_is_open(desk, tmp_path):
    first = the_answers(desk, 0, tmp_path / "first")
    assert judged(desk, first).verdict is Verdict.PASSED
    opened = open_lab(desk, LAB)
    case = case_seed_of(opened.folder)
    own = the_answers(desk, case, tmp_path / "own")
    assert judged(desk, own).verdict is Verdict.PASSED
    assert judged(desk, first).verdict is Verdict.FAILED
    assert [each.row.facts["case_seed"] for each in attempts(desk.ledger(), LAB)] == [0, case, case]


def test_our_own_solutions_are_judged_by_their_path(desk):
    folder = desk.catalogue.lab(LAB).folder
    for right in (folder / "reference", *sorted((folder / "right").iterdir())):
        assert judged(desk, right).verdict is Verdict.PASSED, right
    for wrong in sorted((folder / "wrong").iterdir()):
        assert judged(desk, wrong).mistake == wrong.stem


def test_a_case_that_is_no_number_is_named(desk, tmp_path):
    own = the_answers(desk, 0, tmp_path / "own")
    (own.parent / "case.toml").write_text("seed = 'mine'")
    with pytest.raises(UsageError, match="must hold one line"):
        judged(desk, own)


def test_a_check_tries_what_was_drawn_for_it_once(desk):
    open_lab(desk, LAB)
    lab = desk.catalogue.lab(LAB)
    get_ready(desk, lab)
    seed = desk.drawn[LAB].seed
    get_ready(desk, lab)
    assert desk.drawn[LAB].seed == seed
    assert check_lab(desk, LAB, seed=seed + 1).seed == seed + 1
    assert check_lab(desk, LAB).seed == seed
    assert desk.drawn == {}
    assert check_lab(desk, LAB).seed != seed


def test_what_is_drawn_is_kept_for_few_labs(desk):
    labs = [
        desk.catalogue.lab(each)
        for each in ("matmul", "attention", "typed-config", LAB, "decide-and-record")
    ]
    for lab in labs:
        get_ready(desk, lab)
    assert [*desk.drawn] == [each.id for each in labs[-MOST_DRAWN:]]


def test_a_check_that_does_not_load_shows_up_where_it_judges(desk, monkeypatch):
    open_lab(desk, LAB)
    said = "check.py does not load: SyntaxError."
    fault = ContentError("check-does-not-load", said, path=Path("check.py"))

    def broken(lab):
        raise fault

    monkeypatch.setattr("gradus.judge.drawn.load_specification", broken)
    get_ready(desk, desk.catalogue.lab(LAB))
    assert desk.drawn == {}
    assert check_lab(desk, LAB).reason == str(fault)
