"""What a lab's check and its case say: which failures fit which variant, and what is drawn once."""

from dataclasses import replace

from gradus.check import claim
from gradus.judge.specification import Specification, draw_case, load_case


@claim("Its gradients are right.", catches=["forgets_the_mean", "forgets_the_relu"])
def gradients(work):
    """A claim that two variants fail for certain."""


@claim("It repeats itself.", catches=["unseeded"])
def repeats(work):
    """A claim that one variant fails for certain."""


@claim("It learns.", catches=["never_steps"], may_catch=["forgets_the_mean"])
def learns(work):
    """A claim that a variant fails on some runs."""


SPECIFICATION = Specification((gradients, repeats, learns), ())


def test_a_variant_fits_the_claims_that_it_fails_for_certain():
    assert SPECIFICATION.fits("forgets_the_relu", frozenset({0}))
    assert not SPECIFICATION.fits("forgets_the_relu", frozenset({0, 2}))
    assert not SPECIFICATION.fits("unseeded", frozenset({0}))


def test_a_claim_that_a_variant_may_fail_may_hold_or_not():
    assert SPECIFICATION.fits("forgets_the_mean", frozenset({0}))
    assert SPECIFICATION.fits("forgets_the_mean", frozenset({0, 2}))
    assert not SPECIFICATION.fits("forgets_the_mean", frozenset({2}))


def test_a_variant_that_no_claim_names_fits_nothing():
    assert not SPECIFICATION.fits("invented", frozenset())


def test_a_case_is_drawn_once_for_all_that_lies_over_it(lab, tmp_path, monkeypatch):
    folder = tmp_path / "labs" / "drawn"
    folder.mkdir(parents=True)
    (folder / "make_case.py").write_text(
        "def make_case(rng):\n    number = int(rng.integers(1000))\n"
        "    return {'number.txt': str(number)}, {'number': number}\n"
    )
    lab = replace(lab, id="drawn", folder=folder, version="1")
    first = load_case(lab, 7)
    assert load_case(lab, 7) is first
    assert draw_case(lab, 7) == first
    others = [load_case(lab, seed) for seed in range(20, 40)]
    assert len({str(files) for files, _ in others}) > 10
    assert load_case(lab, 7) == first
    assert load_case(replace(lab, version="2"), 7) == first
