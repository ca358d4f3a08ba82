"""One claim alone is judged as it is among all the others."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gradus.catalogue import load_catalogue
from gradus.core.lab import EntryKind, Lab
from gradus.core.verdict import Verdict
from gradus.judge import (
    Pool,
    hollow_submissions,
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

@claim("Places.", examples=25)
def places(work, place, rng): ...

@claim("Few, and drawn.", examples=9, x=draw.integers(0, 9))
def few(work, x): ...

@claim("Just enough.", examples=10, x=draw.integers(0, 9))
def enough(work, x): ...
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
    assert len(orders) > 30
    assert {frozenset(order[:3]) for order in orders} == {frozenset({"small", "once", "enough"})}
    assert {order[0] for order in orders} == {"small", "once", "enough"}


def test_every_lab_has_a_claim_to_ask_for() -> None:
    for lab in load_catalogue().labs.values():
        assert small_claims(lab, 0), lab.id


STARTER = """import os

def f(x, y=2):
    return 3

class Thing:
    def g(self, z):
        def inner():
            return 1
        return inner

    def h(self):
        return 4
"""


def hollow_files(lab: Lab, tmp_path: Path, kind: EntryKind) -> list[str]:
    """Return the entry's text in each submission that hands in nothing."""
    starter = tmp_path / "starter"
    starter.mkdir()
    (starter / "work.py").write_text(STARTER)
    (starter / "other.txt").write_text("kept")
    entry = replace(lab.entry, kind=kind, path="work.py", names=("f",))
    found = hollow_submissions(replace(lab, folder=tmp_path, entry=entry), 5)
    assert all(each.case_seed == 5 for each in found)
    assert all(set(each.files) >= {"work.py"} for each in found)
    return [each.files["work.py"].decode() for each in found]


@pytest.mark.parametrize("kind", [EntryKind.FUNCTION, EntryKind.MODULE])
def test_what_hands_in_nothing_returns_none_or_its_input(
    lab: Lab, tmp_path: Path, kind: EntryKind
) -> None:
    starter, nothing, given = hollow_files(lab, tmp_path, kind)
    assert starter == STARTER
    assert "3" not in nothing
    names: dict[str, Any] = {}
    exec(given, names)
    assert names["f"](8) == 8
    assert names["Thing"]().g(9) == 9
    assert names["Thing"]().h() is None
    exec(nothing, names)
    assert (names["f"](8), names["Thing"]().g(9), names["Thing"]().h()) == (None, None, None)


def test_only_python_is_hollowed(lab: Lab, tmp_path: Path) -> None:
    assert hollow_files(lab, tmp_path, EntryKind.COMMAND) == [STARTER]


def test_a_starter_without_the_entry_is_handed_in_as_it_is(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "starter").mkdir()
    (tmp_path / "starter" / "other.txt").write_text("kept")
    entry = replace(lab.entry, kind=EntryKind.MODULE, path="work.py")
    assert len(hollow_submissions(replace(lab, folder=tmp_path, entry=entry), 1)) == 1
