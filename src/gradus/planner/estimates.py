"""How long things take this learner: the catalogue's minutes, corrected by their own record.

The logarithm of measured over estimated minutes is taken as normal, with a conjugate
normal-inverse-gamma prior (Gelman et al., Bayesian Data Analysis, 3rd ed., section 3.3) whose mean
ratio is 1, or what the track's source says of the learner's background: with no record that stands,
and each finished piece moves it. A
layer's own deviation is shrunk towards the whole in the manner of a random-effects model (ibid.,
section 5.4) with a fixed weight.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import fmean

from gradus.core.basis import PlanBasis
from gradus.core.curriculum import CurriculumItem
from gradus.core.learner import Background

PRIOR_WEIGHT = 1.5
"""As many finished pieces as the catalogue's estimate counts for: its minutes are our estimates,
and learners differ in pace, so two thirds of them lie within a factor of 1.5."""
PRIOR_SHAPE = 3.0
PRIOR_VARIANCE = 0.25
"""Of one piece around the learner's own mean, in logarithms: a factor of about 1.6."""
LAYER_WEIGHT = 4.0
"""Finished pieces after which a layer's own mean counts half."""
FARTHEST = math.log(4.0)
"""A record further from the estimate than a factor of four says more of the clock than of them."""
LEAST_MINUTES = 1.0
"""Less than this is no record of a finished piece: it was done elsewhere."""


@dataclass(frozen=True, slots=True)
class Estimates:
    """What is believed of a learner's speed; `mean` and `scale` are of logarithms."""

    mean: float
    """Of measured over estimated minutes."""
    weight: float
    """How many pieces the mean rests on, the prior's own included."""
    shape: float
    """Of the inverse gamma distribution of the variance."""
    scale: float
    """Of the same."""
    layers: Mapping[str, float] = field(default_factory=dict)
    """How far a layer's mean lies from the whole one, shrunk."""

    @property
    def variance(self) -> float:
        """Expected variance of one piece around the learner's mean."""
        return self.scale / (self.shape - 1.0)

    def factor(self, layer: str = "") -> float:
        """Return expected minutes over the catalogue's; without a record the prior's pace."""
        spread = self.variance * (1.0 + 1.0 / self.weight)
        return math.exp(self.mean + self.layers.get(layer, 0.0) + spread / 2.0)


def prior(pace: float = 1.0) -> Estimates:
    """Return what is believed of a learner without a record: the catalogue's minutes by `pace`."""
    mean = math.log(pace) - PRIOR_VARIANCE * (1.0 + 1.0 / PRIOR_WEIGHT) / 2.0
    return Estimates(mean, PRIOR_WEIGHT, PRIOR_SHAPE, PRIOR_VARIANCE * (PRIOR_SHAPE - 1.0))


def stated_pace(basis: PlanBasis) -> float:
    """Return how much longer the track's source says that the learner's background takes.

    The catalogue's minutes are meant for somebody who can program. Compared are the shorter ends
    of the spans; 1 where the source does not tell the backgrounds apart, or the learner did not.
    """
    background = basis.profile.background
    theirs = basis.track.span_of(background) if background else None
    usual = basis.track.span_of(Background.SOFTWARE_ENGINEER)
    return theirs[0] / usual[0] if theirs and usual else 1.0


def learn(ratios: Iterable[tuple[str, float]], pace: float = 1.0) -> Estimates:
    """Return what is believed after finished pieces: layer, and measured over estimated minutes."""
    logs = [
        (layer, max(-FARTHEST, min(FARTHEST, math.log(ratio))))
        for layer, ratio in ratios
        if ratio > 0
    ]
    before = prior(pace)
    if not logs:
        return before
    n = len(logs)
    mean = fmean(value for _, value in logs)
    squares = sum((value - mean) ** 2 for _, value in logs)
    weight = before.weight + n
    pull = before.weight * n * (mean - before.mean) ** 2 / weight
    after = (before.weight * before.mean + n * mean) / weight
    scale = before.scale + (squares + pull) / 2.0
    return Estimates(after, weight, before.shape + n / 2.0, scale, _by_layer(logs, after))


def estimates_of(
    basis: PlanBasis, items: Mapping[str, CurriculumItem], whole: Mapping[str, int]
) -> Estimates:
    """Return what the record of a basis says; `whole` has the estimated minutes of every piece.

    What the learner said they know and then showed says nothing of how long learning takes them.
    """
    record, said = basis.record, set(basis.profile.said)

    def was_known(ref: str) -> bool:
        return ref in items and bool(said) and said.issuperset(items[ref].skills)

    ratios = (
        (items[ref].layer if ref in items else "", record.minutes[ref] / whole[ref])
        for ref in sorted(record.finished)
        if record.minutes.get(ref, 0.0) >= LEAST_MINUTES and whole.get(ref) and not was_known(ref)
    )
    return learn(ratios, stated_pace(basis))


def _by_layer(logs: Iterable[tuple[str, float]], mean: float) -> dict[str, float]:
    """Return how far each layer's pieces lie from the mean, shrunk towards it."""
    by_layer: dict[str, list[float]] = {}
    for layer, value in logs:
        by_layer.setdefault(layer, []).append(value - mean)
    return {layer: sum(each) / (len(each) + LAYER_WEIGHT) for layer, each in by_layer.items()}
