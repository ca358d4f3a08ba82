"""Decides whether a new model may take over, from payments that it has not seen.

Nothing here is a point estimate: each rule asks for a bound at 99 %, from a bootstrap over cards,
because the payments of one card, and above all of one fraud, belong together.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fraud.training import Part, scores

CONFIDENCE = 0.99
N_DRAWS = 2_000
KEPT = 0.9
"""Share of what the champion knows, beyond the mere share of frauds, that has to be kept."""
LEAST_FRAUDS = 15
SHARE_FACTOR = 8.0
"""How far the share of frauds may lie from the one seen before."""


@dataclass(frozen=True)
class Decision:
    """What the gate says, and why."""

    promote: bool
    reason: str
    facts: dict[str, Any]
    """Log loss saved per payment: over knowing nothing (skill), over the champion (gain), and over
    what has to be kept of the champion (kept); and the slice that it is refused for, if any."""


def decide(part: Part, champion: Any, challenger: Any, usual: float, seed: int = 0) -> Decision:
    """Say whether the challenger may take over.

    `part` are the newest labelled payments, which the challenger has not seen; `usual` is the
    share of frauds known so far.
    """
    rng = np.random.default_rng(seed)
    n_frauds, share = int(part.y.sum()), float(np.average(part.y, weights=part.w))
    if n_frauds < LEAST_FRAUDS:
        return Decision(False, f"only {n_frauds} frauds to judge by ({LEAST_FRAUDS} needed)", {})
    if not usual / SHARE_FACTOR <= share <= usual * SHARE_FACTOR:
        said = f"{share:.1%} of the newest payments are called frauds, {usual:.1%} were usual"
        return Decision(False, f"{said}: the labels cannot be right", {})
    return _compare(part, _losses(part, share, champion, challenger), rng)


def _compare(part: Part, losses: "Losses", rng: np.random.Generator) -> Decision:
    """Say whether the challenger loses little enough, everywhere."""
    gain = bounded(losses.champion - losses.challenger, part, rng)
    skill = bounded(losses.knowing_nothing - losses.challenger, part, rng)
    kept = bounded(losses.kept(), part, rng)
    facts = skill.named("skill") | gain.named("gain") | kept.named("kept")
    facts |= {"n_payments": len(part.y), "n_frauds": int(part.y.sum())}
    if skill.low <= 0:
        return Decision(False, "it may know no more than the share of frauds", facts)
    if kept.low <= 0:
        said = "it may be worse than the champion on the newest payments"
        return Decision(False, said, facts)
    for name, rows in slices(part):
        of_slice = bounded(losses.kept(), part, rng, rows)
        if of_slice.high < 0:
            facts |= {"slice": name, **of_slice.named("slice_kept")}
            return Decision(False, f"it is worse on payments {name}", facts)
    better = "is better" if gain.low > 0 else "is not worse"
    return Decision(True, f"the challenger {better} on the newest payments", facts)


def _losses(part: Part, share: float, champion: Any, challenger: Any) -> "Losses":
    return Losses(
        _loss(part.y, np.full(len(part.y), share)),
        _loss(part.y, scores(champion, part.X)),
        _loss(part.y, scores(challenger, part.X)),
    )


@dataclass(frozen=True)
class Losses:
    """The log loss of each payment, by who scored it."""

    knowing_nothing: NDArray[np.float64]
    """Scored with the share of frauds."""
    champion: NDArray[np.float64]
    challenger: NDArray[np.float64]

    def may_lose(self) -> NDArray[np.float64]:
        """Return by how much the challenger's loss may be higher than the champion's."""
        return (1 - KEPT) * (self.knowing_nothing - self.champion)

    def kept(self) -> NDArray[np.float64]:
        """Return how far the challenger is above what has to be kept; on average above 0."""
        return self.champion + self.may_lose() - self.challenger


@dataclass(frozen=True)
class Mean:
    """A mean with a bound on each side."""

    mean: float
    low: float
    high: float

    def named(self, name: str) -> dict[str, Any]:
        """Return it as facts that begin with a name."""
        return {name: self.mean, f"{name}_low": self.low, f"{name}_high": self.high}


def bounded(
    values: NDArray[np.float64],
    part: Part,
    rng: np.random.Generator,
    rows: NDArray[np.bool_] | None = None,
) -> Mean:
    """Return the mean per payment with both bounds, each at CONFIDENCE, drawing whole cards."""
    rows = np.ones(len(values), dtype=bool) if rows is None else rows
    values, w = values[rows], part.w[rows]
    cards = [row["card"] for row, taken in zip(part.rows, rows, strict=True) if taken]
    _, of_card = np.unique(cards, return_inverse=True)
    sums, counts = np.bincount(of_card, weights=values * w), np.bincount(of_card, weights=w)
    n_cards = len(counts)
    draws = rng.multinomial(n_cards, np.full(n_cards, 1 / n_cards), size=N_DRAWS)
    means = (draws @ sums) / np.maximum(draws @ counts, 1e-9)
    low, high = np.quantile(means, [1 - CONFIDENCE, CONFIDENCE])
    return Mean(float(np.average(values, weights=w)), float(low), float(high))


def slices(part: Part) -> list[tuple[str, NDArray[np.bool_]]]:
    """Return the parts on which nobody may be left behind, where there are frauds enough."""
    found = []
    for name, of in (
        ("made online", lambda row: row["entry"] == "online"),
        ("made in shops", lambda row: row["entry"] != "online"),
        ("made abroad", lambda row: row["country"] != row["card_country"]),
    ):
        rows = np.array([of(row) for row in part.rows])
        if part.y[rows].sum() >= LEAST_FRAUDS:
            found.append((name, rows))
    return found


def _loss(y: NDArray[np.bool_], p: NDArray[np.float64]) -> NDArray[np.float64]:
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return -np.where(y, np.log(p), np.log1p(-p))
