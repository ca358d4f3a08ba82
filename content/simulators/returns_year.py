"""A year of a shop whose orders come back: what a model of the returns has to live through.

A season that comes once a year, a channel that is new and stays, a channel whose labels are wrong
for one month, a channel that turns around after two. Labels are complete after two months; before
that, some of the returns are known and nothing else. In a month of a channel as many orders come
back as its rate says, so that the loss of a month hardly hangs on chance. Nothing here says what
is right.

`python drill.py` plays a year with retrain.py in a folder that is thrown away, and prints what
came of it; `python drill.py 7` plays another one.
"""

import os
import sys
import tempfile
from pathlib import Path

import numpy as np

DELAY, FIRST, LAST = 2, 16, 28
"""Months until labels are complete; the first and the last month whose labels are judged."""
ALARM, MARGIN = 0.08, 0.04
N_ORDERS, EARLY = 300, 0.3
SEASON = (11, 12)
CHANNELS = (
    "app", "blog", "catalogue", "club", "fair", "kiosk", "letter", "mail", "outlet", "partner",
    "phone", "shop", "social", "stall", "store", "swap", "tv", "web",
)  # fmt: skip
LAYOUTS = (
    {"new": (18, 19), "poison": (22, 22), "campaign": (25, 26)},
    {"campaign": (17, 17), "new": (20, 21), "poison": (26, 27)},
    {"poison": (18, 18), "new": (20, 21), "campaign": (25, 26)},
)
"""In which months, the last included, the new things of a year may begin."""


def some_year(rng, layout=None):
    """Draw a year: its channels, when each thing begins, and all orders with their labels."""
    layout = LAYOUTS[int(rng.integers(len(LAYOUTS)))] if layout is None else LAYOUTS[layout]
    begins = {name: int(rng.integers(low, high + 1)) for name, (low, high) in layout.items()}
    names = [str(each) for each in rng.choice(CHANNELS, 7, replace=False)]
    roles = ("large", "gifts", "third", "new", "poison", "campaign", "small")
    year = {"begins": begins, "channels": dict(zip(roles, names, strict=True))}
    parts = [_orders(rng, year, month) for month in range(1, LAST + DELAY + 1)]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    columns["id"] = 100_000 + np.arange(len(columns["month"]))
    columns["known_early"] = (columns["label"] == 1) & (rng.random(len(columns["id"])) < EARLY)
    return {**year, **columns}


def rates(begins, month):
    """Share of the orders and rate of returns of each channel in a month, as labelled."""
    is_season = (month - 1) % 12 + 1 in SEASON
    found = {"large": (0.40, 0.05), "gifts": (0.35, 0.90 if is_season else 0.12)}
    found["third"] = (0.25, 0.25)
    if month >= begins["new"]:
        found["new"] = (0.55, 0.60)
    if month >= begins["poison"]:
        found["poison"] = (0.12, 1.0 if month == begins["poison"] else 0.05)
    if 0 <= month - begins["campaign"] < 4:
        found["campaign"] = (0.30, 0.90 if month < begins["campaign"] + 2 else 0.03)
    if month >= begins["poison"] - 2:
        found["small"] = (0.012, 0.50)
    whole = sum(share for share, _ in found.values())
    return {role: (share / whole, rate) for role, (share, rate) in found.items()}


def _orders(rng, year, month):
    parts = []
    for role, (share, rate) in rates(year["begins"], month).items():
        n = max(4, round(share * N_ORDERS))
        basket = rng.permutation(np.linspace(-1.7, 1.7, n))
        odds = np.log(rate / (1 - rate)) if rate < 1 else np.inf
        chance = 1 / (1 + np.exp(-(odds + 0.3 * basket)))
        steps = np.floor(np.cumsum(chance) + rng.random())
        label = np.diff(steps, prepend=0.0).clip(0, 1)
        parts.append((np.full(n, year["channels"][role]), basket.round(3), label))
    order = rng.permutation(sum(len(part[0]) for part in parts))
    channel, basket, label = (np.concatenate(each)[order] for each in zip(*parts, strict=True))
    return {"month": np.full(len(order), month), "channel": channel, "basket": basket,
            "label": label}  # fmt: skip


def visible(year, month):
    """What can be known at the end of a month: `returned` is NaN where nobody can say yet."""
    seen = year["month"] <= month
    complete = year["month"] <= month - DELAY
    returned = np.where(complete | year["known_early"], year["label"], np.nan)
    columns = {name: year[name][seen] for name in ("id", "month", "channel", "basket")}
    return {**columns, "returned": returned[seen]}


def positions(year, ids):
    """Places of rows by their ids; ValueError where there is no such row."""
    found = np.asarray(list(ids), dtype=float)
    if found.size == 0 or not np.isfinite(found).all() or (found != found.round()).any():
        raise ValueError("give the ids of rows, at least one")
    places = found.astype(int) - int(year["id"][0])
    if (places < 0).any() or (places >= len(year["id"])).any():
        raise ValueError("there is no row with one of these ids")
    return places


def labels_at(year, places, month):
    """Labels as the warehouse has them at the end of a month: what is not known yet counts 0."""
    complete = year["month"] <= month - DELAY
    return np.where(complete | year["known_early"], year["label"], 0.0)[places]


def features(year, places, channels):
    """One column for each channel but the first, each of them again in the season, and basket."""
    is_season = np.isin((year["month"][places] - 1) % 12 + 1, SEASON)
    each = (year["channel"][places][:, None] == np.array(channels[1:])[None, :]).astype(float)
    season = is_season[:, None].astype(float)
    return np.hstack([each, season, each * season, year["basket"][places][:, None]])


def columns_of(year):
    """The order of the channels in a model: the one with most orders first."""
    return list(year["channels"].values())


def losses(intercept, weights, x, y):
    """The log loss of each row."""
    odds = np.clip(intercept + x @ np.asarray(weights), -30, 30)
    return np.logaddexp(0.0, odds) - y * odds


def fitted(x, y, rounds=12):
    """Logistic regression with the penalty of scikit-learn's default, by Newton's method."""
    full = np.hstack([np.ones((len(x), 1)), x])
    penalty = np.diag([0.0] + [1.0] * x.shape[1])
    weights = np.zeros(full.shape[1])
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-full @ weights))
        slope = full.T @ (p - y) + penalty @ weights
        curve = (full * (p * (1 - p))[:, None]).T @ full + penalty
        step = np.linalg.solve(curve + 1e-9 * np.eye(len(weights)), slope)
        weights = weights - step
        if np.abs(step).max() < 1e-8:
            break
    return float(weights[0]), weights[1:].tolist()


class Platform:
    """The training job and the score, for a year that is played here."""

    def __init__(self, year):
        from sklearn.linear_model import LogisticRegression

        self.year, self.kind, self.month = year, LogisticRegression, 0
        self.x = features(year, np.arange(len(year["id"])), columns_of(year))
        self.n_trained = 0

    def train(self, ids):
        """Train on these rows."""
        places = positions(self.year, ids)
        y = labels_at(self.year, places, self.month)
        model = self.kind(solver="newton-cholesky").fit(self.x[places], y)
        self.n_trained += 1
        weights = model.coef_[0].tolist()
        return {"job": self.n_trained, "intercept": float(model.intercept_[0]), "weights": weights}

    def loss(self, model, ids):
        """The mean log loss on these rows."""
        places = positions(self.year, ids)
        y = labels_at(self.year, places, self.month)
        each = losses(model["intercept"], model["weights"], self.x[places], y)
        return float(each.mean())


def champion_now(client):
    """The version under the alias champion, and what became of the others."""
    models = client.search_registered_models()
    found = [model.aliases["champion"] for model in models if "champion" in model.aliases]
    versions = [] if not models else client.search_model_versions(f"name = '{models[0].name}'")
    gates = {int(each.version): each.tags.get("gate", "?") for each in versions}
    told = ", ".join(f"{number} {gates[number]}" for number in sorted(gates))
    return f"champion {found[0] if found else 'none'}; versions: {told or 'none'}"


def main():
    """Play one year, two calls a month, and print a line for each month."""
    import pandas as pd
    from mlflow import MlflowClient

    year = some_year(np.random.default_rng(int(sys.argv[1]) if sys.argv[1:] else 0))
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    with tempfile.TemporaryDirectory() as place:
        os.chdir(place)
        import retrain

        platform = Platform(year)
        for month in range(FIRST + DELAY, LAST + DELAY + 1):
            platform.month, before = month, platform.n_trained
            rows = pd.DataFrame(visible(year, month))
            for _ in range(2):
                retrain.weekly(month, rows, platform.train, platform.loss)
            n_new = platform.n_trained - before
            left = champion_now(MlflowClient("sqlite:///mlflow.db"))
            print(f"labels of month {month - DELAY}: {n_new} trained; {left}")
        os.chdir("/")
    for role, begins in year["begins"].items():
        print(f"{role}: channel {year['channels'][role]!r}, from month {begins}")


if __name__ == "__main__":
    main()
