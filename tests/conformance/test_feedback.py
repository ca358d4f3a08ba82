"""When the text that a learner reads counts as the one that is kept."""

import dataclasses

import pytest

from gradus.catalogue import load_lab
from gradus.conformance import write_feedback
from gradus.conformance.bench import Bench
from gradus.conformance.rules.feedback import (
    LAST_DIGITS,
    MEASURED_SLACK,
    _first_difference,
    reads_alike,
)
from gradus.core.lab import Naming


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("  returned 0.712", "  returned 0.711", True),
        ("  returned 0.712", "  returned 0.612", False),
        ("  returned -0.5", "  returned 0.5", False),
        ("  returned 0.712", "  returns 0.712", False),
        ("16 of 17 claims hold", "15 of 17 claims hold", False),
        ("  returned [0.71, 1.5]", "  returned [0.71]", False),
        ("  returned 1.25e-07", "  returned 1.26e-07", True),
    ],
)
def test_figures_may_differ_by_a_hair_and_words_not_at_all(one, other, alike):
    assert reads_alike(one, other, MEASURED_SLACK) is alike


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("  returned [[4.742794, -4.117237]]", "  returned [[4.742792, -4.117236]]", True),
        ("  returned [[8.344351, 10.73401 ]]", "  returned [[8.34435 , 10.734012]]", True),
        ("  returned 4.742794", "  returned 4.742894", False),
        ("  returned 4.742794, 2", "  returned 4.742794, 3", False),
        ("  returned a b", "  returned a  b", False),
    ],
)
def test_of_single_precision_only_last_digits_may_differ(one, other, alike):
    assert reads_alike(one, other, LAST_DIGITS) is alike


@pytest.mark.parametrize(
    ("naming", "imports", "moved", "is_rewritten"),
    [
        ("pattern", ["numpy"], "4.01", False),
        ("behaviour", ["numpy"], "4.00001", True),
        ("behaviour", ["numpy", "torch"], "4.00001", False),
        ("behaviour", ["numpy", "torch"], "4.01", True),
    ],
)
def test_only_training_and_torch_leave_a_figure_that_moved_by_a_hair(
    lab_folder, catalogue, pool, naming, imports, moved, is_rewritten
):
    lab = load_lab(lab_folder)
    write_feedback(lab, catalogue, pool)
    for path in (lab_folder / "feedback").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        if "expected 4.0\n" in text:
            break
    else:
        raise AssertionError("no figure to move")
    path.write_text(text.replace("expected 4.0\n", f"expected {moved}\n"), encoding="utf-8")
    kept = path.read_text(encoding="utf-8")
    told = dataclasses.replace(lab, naming=Naming(naming), imports=tuple(imports))
    differs = _first_difference(Bench(told, catalogue), kept, text)
    assert (differs is not None) is is_rewritten
