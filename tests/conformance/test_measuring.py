"""Styles, naming and flakes of a small lab: what holds is counted, what does not is shown."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gradus.catalogue import load_lab
from gradus.conformance.flakes import measure_flakes, replayed
from gradus.conformance.naming import measure_naming
from gradus.conformance.styles import measure_styles
from gradus.core.errors import ContentError, UsageError
from gradus.core.lab import Styles


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_right_work_passes_in_every_style(lab_folder, pool, tmp_path):
    tally = measure_styles(load_lab(lab_folder), pool, state=tmp_path / "it.jsonl", n_composed=2)
    assert tally.refused == []
    assert tally.works == 3
    assert tally.styles > 40


FUSSY = """

@claim("There is one function and nothing else.")
def is_alone(mean, module):
    observe("names", [each.name for each in public(module)]).must_equal(["mean"])
"""


def test_a_check_that_asks_for_a_style_is_found(lab_folder, pool, tmp_path):
    path = lab_folder / "check.py"
    change(path, "import claim, draw", "import claim, draw, observe, public")
    path.write_text(path.read_text() + FUSSY)
    lab = load_lab(lab_folder)
    tally = measure_styles(lab, pool, state=tmp_path / "it.jsonl", n_composed=0)
    refused = {each["name"]: each for each in tally.refused}
    assert "reference+helpers_extracted" in refused
    assert "nothing else" in refused["reference+helpers_extracted"]["why"]
    laid = Path(refused["reference+helpers_extracted"]["place"])
    assert "mean_worked_out" in laid.read_text(encoding="utf-8")
    assert "reference+locals_renamed" not in refused


def test_styles_go_on_where_they_were(lab_folder, pool, tmp_path):
    lab, state = load_lab(lab_folder), tmp_path / "it.jsonl"
    measure_styles(lab, pool, state=state, n_composed=0)
    before = state.read_text()
    measure_styles(lab, pool, state=state, n_composed=0)
    assert state.read_text() == before


def test_a_style_that_there_is_not_is_the_labs_fault(lab_folder, pool):
    lab = replace(load_lab(lab_folder), styles=Styles(refuses=("no_such_rewrite",)))
    with pytest.raises(ContentError, match="no_such_rewrite"):
        measure_styles(lab, pool)


def test_variants_in_other_styles_get_their_name(lab_folder, pool):
    tally = measure_naming(load_lab(lab_folder), pool, n_mutants=6)
    assert tally.variants["right"] == tally.variants.total() >= 8
    assert tally.mutants["wrong"] == 0
    assert tally.amiss == []


def test_a_lab_is_judged_on_many_seeds(lab_folder, pool, tmp_path):
    tally = measure_flakes(load_lab(lab_folder), pool, state=tmp_path / "it.jsonl", n_seeds=5)
    assert (tally.right, tally.wrong) == (15, 5)
    assert tally.is_done
    assert tally.flaky == []
    assert tally.worst is None


UNLUCKY = """

@claim("It is lucky.", examples=1)
def is_lucky(mean, rng):
    observe("luck", float(rng.normal())).must_be_above(0.0)
"""


def with_luck(lab_folder):
    path = lab_folder / "check.py"
    change(path, "import claim, draw", "import claim, draw, observe")
    path.write_text(path.read_text() + UNLUCKY)
    return load_lab(lab_folder)


def test_a_claim_that_rests_on_luck_is_found_and_replayed(lab_folder, pool, tmp_path):
    lab = with_luck(lab_folder)
    tally = measure_flakes(lab, pool, state=tmp_path / "it.jsonl", n_seeds=6)
    right = [each for each in tally.flaky if each["name"].startswith("right/")]
    assert right
    assert tally.worst is not None
    assert tally.chance(tally.worst) > 0.1
    stored = json.loads(Path(right[0]["place"]).read_text(encoding="utf-8"))
    verdict, text = replayed(lab, stored, pool)
    assert verdict == "FAILED"
    assert "It is lucky." in text


def test_a_statistic_is_one_whatever_path_and_number_its_label_names(lab_folder, pool, tmp_path):
    label = """f"MB of app/{'ab'[int(rng.integers(2))]}.py after {rng.random():.1f}\""""
    path = lab_folder / "check.py"
    path.write_text(
        path.read_text() + UNLUCKY.replace('"luck"', label).replace("rng.normal()", "9")
    )
    change(path, "import claim, draw", "import claim, draw, observe")
    tally = measure_flakes(load_lab(lab_folder), pool, state=tmp_path / "it.jsonl", n_seeds=8)
    statistics = {each for work in tally.tails.values() for _, each in work}
    assert statistics == {"MB of # after #"}


def test_a_failure_of_other_work_is_not_replayed(lab_folder, pool):
    lab = load_lab(lab_folder)
    stored = {"name": "gone", "digest": "sha256:0", "seed": 1, "inputs": ""}
    with pytest.raises(UsageError, match="has changed"):
        replayed(lab, stored, pool)


def test_wrong_work_that_passes_on_some_seed_is_found(lab_folder, pool, tmp_path, spoilt):
    spoilt("seeds-wrong")
    tally = measure_flakes(load_lab(lab_folder), pool, state=tmp_path / "it.jsonl", n_seeds=40)
    assert any(each["name"].startswith("wrong/") for each in tally.flaky)


def test_flakes_begin_nothing_after_their_time_and_go_on(lab_folder, pool, tmp_path):
    lab, state = load_lab(lab_folder), tmp_path / "it.jsonl"
    first = measure_flakes(lab, pool, state=state, n_seeds=2, until=0.0)
    assert not first.is_done
    assert measure_flakes(lab, pool, state=state, n_seeds=2).is_done
