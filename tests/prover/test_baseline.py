"""Slices are judged where they say enough, and the small ones of a field together."""

from gradus.core.service import Labels, Measure
from gradus.prover.labelled import Labelled
from gradus.prover.proofs.baseline import _slices


def labelled(counts):
    """Return rows with a land each, so many true and so many false ones."""
    full = [
        {"land": land, "y": truth}
        for land, (n_true, n_false) in counts.items()
        for truth in [1] * n_true + [0] * n_false
    ]
    rows = tuple({"land": each["land"]} for each in full)
    return Labelled(rows, tuple(each["y"] for each in full), tuple(full))


def sizes(measure, counts):
    found = _slices(labelled(counts), Labels("file", "y", measure, slices=("land",)))
    return {name: len(places) for name, places in found}


def test_small_slices_are_looked_at_together():
    counts = {"a": (150, 150), "b": (80, 80), "c": (60, 60)}
    together = {"land is a": 300, "land is anything else": 280}
    assert sizes(Measure.AUC, counts) == together
    assert sizes(Measure.BRIER, counts) == together


def test_a_slice_without_pairs_says_nothing_about_their_order():
    counts = {"a": (150, 150), "b": (0, 600), "c": (19, 300)}
    assert sizes(Measure.AUC, counts) == {"land is a": 300}
    assert sizes(Measure.AUC, {**counts, "b": (1, 600)})["land is anything else"] == 920
    assert sizes(Measure.LOG_LOSS, counts) == {"land is a": 300, "land is b": 600, "land is c": 319}
