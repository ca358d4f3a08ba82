"""Quality is what its definition says, and its bounds hold as often as they promise."""

import numpy as np
import pytest

from gradus.core.service import Measure
from gradus.prover.bounds import share_at_least
from gradus.prover.claims import BrokenService
from gradus.prover.quality import Quality


def world(rng, n=300):
    truth = (rng.random(n) < 0.3).astype(int)
    return truth.tolist(), np.round(0.3 * truth + rng.random(n), 1).tolist()


def test_auc_counts_pairs_and_ties_by_half():
    truth, scores = world(np.random.default_rng(4))
    pairs = [
        1.0 if a > b else 0.5 if a == b else 0.0
        for a, t in zip(scores, truth, strict=True)
        if t
        for b, u in zip(scores, truth, strict=True)
        if not u
    ]
    assert Quality(Measure.AUC, truth).of(scores) == pytest.approx(np.mean(pairs))


@pytest.mark.parametrize(
    ("measure", "truth", "predictions", "quality", "constant"),
    [
        (Measure.BRIER, [0, 1], [0.5, 0.75], -(0.25 + 0.0625) / 2, [0.5, 0.5]),
        (Measure.LOG_LOSS, [0, 1], [0.5, 0.5], np.log(0.5), [0.5, 0.5]),
        (Measure.ABSOLUTE_ERROR, [1.0, 2.0, 9.0], [1.5, 2.0, 8.0], -0.5, [2.0] * 3),
        (Measure.ACCURACY, ["a", "b", "b", 1], ["a", "a", "b", 1.0], 0.75, ["b"] * 4),
        (Measure.AUC, [0, 1, True], [[0.9, 0.1], [0.2, 0.8], [0.0, 1.0]], 1.0, [2 / 3] * 3),
    ],
)
def test_quality_is_what_its_definition_says(measure, truth, predictions, quality, constant):
    made = Quality(measure, truth)
    assert made.of(predictions) == pytest.approx(quality)
    assert made.constant() == pytest.approx(constant) if measure is not Measure.ACCURACY else True
    assert made.of(made.constant()) <= made.of(predictions)


def test_a_probability_of_nought_costs_much_and_not_everything():
    quality = Quality(Measure.LOG_LOSS, [1, 0]).of([0.0, 0.0])
    assert -20 < quality < -5


@pytest.mark.parametrize("wrong", ["high", None, float("nan"), [], {}])
def test_what_is_no_number_is_told(wrong):
    with pytest.raises(BrokenService) as raised:
        Quality(Measure.AUC, [0, 1]).of([0.5, wrong])
    assert raised.value.finding.expected == "a number, as the measure 'auc' needs"


@pytest.mark.parametrize("measure", [Measure.AUC, Measure.BRIER])
def test_equal_predictors_are_called_better_as_rarely_as_promised(measure):
    rng = np.random.default_rng(8)
    wrong = 0
    for _ in range(60):
        truth = (rng.random(200) < 0.4).astype(int)
        signal = 0.4 * truth + 0.3
        noisy = (np.clip(signal + rng.normal(0, 0.3, 200), 0, 1).tolist() for _ in range(2))
        bound = Quality(measure, truth.tolist()).at_least(lambda a, b: a - b, *noisy, rng=rng)
        wrong += bound > 0
    assert share_at_least(wrong, 60, 0.999) < 0.01


def test_a_real_gain_is_bounded_below_and_by_less_than_itself():
    rng = np.random.default_rng(2)
    truth = (rng.random(800) < 0.4).astype(int)
    good = (truth * 0.6 + rng.random(800)).tolist()
    poor = (truth * 0.2 + rng.random(800)).tolist()
    quality = Quality(Measure.AUC, truth.tolist())
    bound = quality.at_least(lambda a, b: a - b, good, poor, rng=rng)
    assert 0.05 < bound < quality.of(good) - quality.of(poor)


def test_one_class_alone_bounds_nothing():
    bound = Quality(Measure.AUC, [1, 1]).at_least(
        lambda a: a, [0.1, 0.2], rng=np.random.default_rng(0)
    )
    assert bound == -np.inf
