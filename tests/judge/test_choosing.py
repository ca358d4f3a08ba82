"""One claim alone is judged as it is among all the others."""

from dataclasses import replace
from pathlib import Path

import pytest

from gradus.catalogue import load_catalogue
from gradus.core.lab import Lab
from gradus.core.verdict import Verdict
from gradus.judge import (
    Pool,
    judge,
    judge_claim,
    reference_submission,
    replay,
    small_claims,
    starter_submission,
    variant_submissions,
)

CHECK = """
from gradus.check import claim, draw

@claim("Small.", x=draw.integers(0, 9))
def small(work, x): ...

@claim("Once.")
def once(work): ...

@claim("Trains.", examples=2)
def trains(work, rng): ...

@claim("Twice.", examples=25)
def twice(work, another, rng): ...
"""


@pytest.mark.parametrize("seed", range(3))
def test_a_claim_alone_says_what_it_says_among_the_others(lab: Lab, pool: Pool, seed: int) -> None:
    for variant in variant_submissions(lab, "wrong"):
        whole = judge(lab, variant.submission, seed=seed, pool=pool)
        for claim in small_claims(lab, seed):
            alone = judge_claim(lab, variant.submission, claim.name, seed=seed, pool=pool)
            (outcome,) = alone.claims
            among = next(each for each in whole.claims if each.sentence == claim.sentence)
            assert (outcome.held, outcome.examples) == (among.held, among.examples)
            assert alone.verdict is (Verdict.PASSED if among.held else Verdict.FAILED)


def test_a_failing_claim_can_be_replayed_on_its_inputs(lab: Lab, pool: Pool) -> None:
    work = starter_submission(lab)
    name = next(each.name for each in small_claims(lab, 1))
    first = judge_claim(lab, work, name, seed=1, pool=pool)
    assert first.verdict is Verdict.FAILED
    again = replay(lab, work, 1, first.inputs, pool, name)
    assert [each.held for each in again.claims] == [False]


def test_a_claim_that_is_not_there_is_our_fault_and_no_verdict(lab: Lab, pool: Pool) -> None:
    judgement = judge_claim(lab, reference_submission(lab), "gone", seed=1, pool=pool)
    assert judgement.verdict is Verdict.UNJUDGED
    assert "no claim named gone" in judgement.reason


def test_a_seed_decides_the_order_and_small_claims_come_first(lab: Lab, tmp_path: Path) -> None:
    folder = tmp_path / "labs" / "made-up"
    folder.mkdir(parents=True)
    (folder / "check.py").write_text(CHECK)
    made_up = replace(lab, folder=folder)
    orders = {tuple(each.name for each in small_claims(made_up, seed)) for seed in range(40)}
    assert len(orders) == 4
    assert all(set(order[:2]) == {"small", "once"} for order in orders)


def test_every_lab_has_a_claim_to_ask_for() -> None:
    for lab in load_catalogue().labs.values():
        assert small_claims(lab, 0), lab.id
