"""Which failures fit which variant, where a lab names mistakes by their pattern."""

from gradus.check import claim
from gradus.judge.specification import Specification


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
