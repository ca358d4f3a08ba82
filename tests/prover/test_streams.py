"""Streams are made of valid rows, calm ones stay calm, and each drift is what its kind says."""

import numpy as np
import pytest

from gradus.prover.streams import Kind, channels, drift_of, normal_scores, yardstick

RNG = np.random.default_rng(12)
ROWS = [
    {
        "amount": round(float(RNG.lognormal(3, 1)), 2),
        "days": None if RNG.random() < 0.15 else int(RNG.integers(0, 300)),
        "land": str(RNG.choice(["a", "b", "c"], p=[0.7, 0.29, 0.01])),
        "abroad": bool(RNG.random() < 0.3),
        "fixed": 1,
    }
    for _ in range(700)
]
EVERY = channels(ROWS, list(ROWS[0]))


def of(column, kind):
    return next(each for each in EVERY if (each.column, each.kind) == (column, kind))


def test_everything_that_can_drift_has_a_channel_and_nothing_else():
    assert [(each.column, each.kind) for each in EVERY] == [
        ("amount", "value"),
        ("amount", "spread"),
        ("days", "missing"),
        ("days", "value"),
        ("days", "spread"),
        ("land", "=a"),
        ("land", "=b"),
        ("abroad", "=False"),
        ("abroad", "=True"),
    ]


def test_normal_scores_follow_ranks_and_share_ties():
    scores = normal_scores([10, 20, 20, None, 30])
    assert scores[1] == scores[2] == pytest.approx(0.0, abs=1e-9)
    assert scores[0] == pytest.approx(-scores[4])
    assert scores[0] < -1
    assert scores[3] == 0.0
    many = normal_scores(np.random.default_rng(0).lognormal(size=2000).tolist())
    assert many.std() == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize(
    ("kind", "channel", "least"),
    [
        (Kind.MEAN, "value", 0.5),
        (Kind.GRADUAL, "value", 0.5),
        (Kind.SPREAD, "spread", 0.5),
        (Kind.SHARE, "=", 0.2),
        (Kind.MISSING, "missing", 0.2),
    ],
)
def test_a_drift_moves_what_its_kind_says(kind, channel, least):
    rng = np.random.default_rng(1)
    for _ in range(8):
        drift = drift_of(kind, EVERY, rng)
        places = drift.draw(1500, rng, begun=1000)
        moved = [
            abs(float(each.values[places].mean() - each.values.mean()))
            for each in EVERY
            if each.column == drift.column and each.kind.startswith(channel)
        ]
        assert max(moved) > least
        assert (drift.n_growing > 0) == (kind == Kind.GRADUAL)


def test_a_gradual_drift_begins_as_calm():
    rng = np.random.default_rng(6)
    drift = drift_of(Kind.GRADUAL, EVERY, rng)
    values = of(drift.column, "value").values
    first = [values[drift.draw(10, rng)].mean() for _ in range(60)]
    last = [values[drift.draw(10, rng, begun=1000)].mean() for _ in range(60)]
    assert abs(np.mean(first)) < 0.2 < 0.5 < abs(np.mean(last))


def test_rows_that_cannot_drift_in_a_way_give_none():
    fixed = channels([{"land": "a" if n % 2 else "b"} for n in range(300)], ["land"])
    rng = np.random.default_rng(0)
    assert drift_of(Kind.MEAN, fixed, rng) is None
    assert drift_of(Kind.MISSING, fixed, rng) is None
    assert drift_of(Kind.SHARE, fixed, rng) is not None


def test_the_yardstick_stays_calm_and_finds_every_kind():
    alarm = yardstick(EVERY)
    rng = np.random.default_rng(4)
    assert alarm(rng.integers(0, len(ROWS), 30_000)) is None
    for kind in (Kind.MEAN, Kind.GRADUAL, Kind.SPREAD, Kind.SHARE, Kind.MISSING):
        drift = drift_of(kind, EVERY, rng)
        assert alarm(drift.draw(1500, rng)) is not None
