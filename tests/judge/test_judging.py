"""What the judge says of right and wrong work, again and again."""

import gc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gradus.core.errors import PrerequisiteError, UsageError
from gradus.core.lab import Lab
from gradus.core.verdict import Judgement, Verdict
from gradus.judge import (
    Pool,
    judge,
    read_submission,
    reference_submission,
    render,
    replay,
    starter_submission,
    variant_submissions,
)
from gradus.sandbox.child import Child

SEEDS = range(5)


def of(lab: Lab, family: str, name: str):
    """Return one handed-in solution of the lab's own."""
    return {each.name: each for each in variant_submissions(lab, family)}[name]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_reference_passes(lab: Lab, pool: Pool, seed: int) -> None:
    judgement = judge(lab, reference_submission(lab), seed=seed, pool=pool)
    assert judgement.verdict is Verdict.PASSED, render(judgement)
    assert all(each.examples >= 25 for each in judgement.claims)


@pytest.mark.parametrize("name", ["by_rows", "log_space"])
def test_a_right_answer_written_another_way_passes(lab: Lab, pool: Pool, name: str) -> None:
    judgement = judge(lab, of(lab, "right", name).submission, seed=3, pool=pool)
    assert judgement.verdict is Verdict.PASSED, render(judgement)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "name", ["skips_the_max", "normalises_over_everything", "subtracts_in_place"]
)
def test_a_known_mistake_fails_by_its_name(lab: Lab, pool: Pool, name: str, seed: int) -> None:
    variant = of(lab, "wrong", name)
    judgement = judge(lab, variant.submission, seed=seed, pool=pool)
    assert judgement.verdict is Verdict.FAILED
    assert judgement.mistake == name
    assert judgement.mistake_says == variant.says


@pytest.mark.parametrize(
    "made",
    [
        "class Softmax:\n    def __call__(self, x):\n        return plain(x)\n\n\n"
        "softmax = Softmax()\n",
        "from functools import partial\n\nsoftmax = partial(plain)\n",
    ],
)
def test_what_can_be_called_is_as_good_as_a_function(
    judged: Callable[..., Judgement], lab: Lab, made: str
) -> None:
    reference = reference_submission(lab).files[lab.entry.path].decode()
    judgement = judged(f"{reference.replace('def softmax', 'def plain')}\n\n{made}")
    assert judgement.verdict is Verdict.PASSED, render(judgement)


def test_a_mistake_in_another_style_has_the_same_name(judged: Callable[..., Judgement]) -> None:
    judgement = judged(
        "import math\n\n\ndef softmax(x):\n    if getattr(x, 'ndim', 0) > 1:\n"
        "        return [softmax(row) for row in x]\n"
        "    powers = [math.exp(v) if v < 700 else float('inf') for v in x]\n"
        "    return [p / sum(powers) for p in powers]\n"
    )
    assert judgement.mistake == "skips_the_max"


def test_a_mistake_that_is_not_known_is_not_named(judged: Callable[..., Judgement]) -> None:
    judgement = judged("import numpy as np\n\n\ndef softmax(x):\n    return np.abs(x)\n")
    assert judgement.verdict is Verdict.FAILED
    assert judgement.mistake is None


def test_the_counterexample_is_the_smallest(lab: Lab, pool: Pool) -> None:
    judgement = judge(lab, of(lab, "wrong", "skips_the_max").submission, seed=1, pool=pool)
    finding = judgement.claims[1].finding
    assert finding is not None
    assert finding.call == "softmax([1000.])"
    assert finding.returned == "[nan]"
    assert finding.expected == "[1.]"


def test_the_same_seed_gives_the_same_judgement(lab: Lab, pool: Pool) -> None:
    submission = of(lab, "wrong", "normalises_over_everything").submission
    one, other = (judge(lab, submission, seed=11, pool=pool) for _ in range(2))
    assert one.claims == other.claims
    assert one.inputs == other.inputs


def test_a_failing_run_is_replayed_from_its_stored_inputs(lab: Lab, pool: Pool) -> None:
    submission = of(lab, "wrong", "skips_the_max").submission
    first = judge(lab, submission, seed=5, pool=pool)
    again = replay(lab, submission, 5, first.inputs, pool)
    assert again.verdict is Verdict.FAILED
    assert [each.held for each in again.claims] == [each.held for each in first.claims]
    assert again.claims[1].finding == first.claims[1].finding


def test_another_seed_draws_other_inputs(lab: Lab, pool: Pool) -> None:
    submission = of(lab, "wrong", "normalises_over_everything").submission
    inputs = {judge(lab, submission, seed=seed, pool=pool).inputs for seed in SEEDS}
    assert len(inputs) == len(SEEDS)


def test_the_starter_fails(lab: Lab, pool: Pool) -> None:
    assert judge(lab, starter_submission(lab), seed=0, pool=pool).verdict is Verdict.FAILED


def broken(lab: Lab, tmp_path: Path, check: str) -> Lab:
    """Return a lab whose check is another text."""
    folder = tmp_path / "labs" / lab.id
    for path in lab.folder.rglob("*"):
        if path.is_file():
            target = folder / path.relative_to(lab.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (folder / "check.py").write_text(check)
    return replace(lab, folder=folder)


@pytest.mark.parametrize(
    "check",
    [
        "from gradus.check import claim\n\n\n@claim('One.')\ndef one(f):\n    1 / 0\n",
        "from gradus.check import claim\n",
        "import nothing_of_that_name\n",
        "def broken(:\n",
    ],
)
def test_a_broken_check_is_unjudged_and_our_fault(
    lab: Lab, pool: Pool, tmp_path: Path, check: str
) -> None:
    made = broken(lab, tmp_path, check)
    judgement = judge(made, reference_submission(lab), seed=0, pool=pool)
    assert judgement.verdict is Verdict.UNJUDGED
    assert judgement.trouble
    assert "Gradus failed, not your code" in render(judgement)


def test_a_dead_warm_parent_is_replaced(lab: Lab, pool: Pool) -> None:
    judge(lab, reference_submission(lab), seed=0, pool=pool)
    for kept in pool._parents.values():
        kept.parent.close()
    judgement = judge(lab, reference_submission(lab), seed=0, pool=pool)
    assert judgement.verdict is Verdict.PASSED


def test_a_missing_environment_names_the_command(lab: Lab) -> None:
    def find(environment: str, imports: tuple[str, ...]):
        raise PrerequisiteError("The environment base is missing.", "gradus install base")

    with Pool(find) as empty, pytest.raises(PrerequisiteError, match="gradus install base"):
        judge(lab, reference_submission(lab), seed=0, pool=empty)


def test_a_file_that_is_gone_is_a_usage_error(lab: Lab, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no file or folder"):
        read_submission(lab, tmp_path / "softmax.py")


def test_a_folder_where_the_file_should_be_is_said(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "softmax.py").mkdir()
    with pytest.raises(UsageError, match=r"softmax\.py"):
        read_submission(lab, tmp_path)


def children() -> int:
    """Return how many children there are in memory, those that have ended too."""
    gc.collect()
    return sum(isinstance(each, Child) for each in gc.get_objects())


def test_nothing_of_an_attempt_is_kept_for_long(lab: Lab, pool: Pool) -> None:
    judge(lab, starter_submission(lab), seed=0, pool=pool)
    before = children()
    for seed in range(3):
        judge(lab, starter_submission(lab), seed=seed, pool=pool)
    assert children() <= before
