"""Payments as features, a logistic regression over them, and what a valid payment is."""

import math
import os
import time

import numpy as np

COUNTRIES = ("AT", "DE", "FR", "IT")
DEVICES = ("phone", "tablet", "web")
DEFECTS = os.environ.get("DEFECT", "").split("+")


def has(defect):
    """Say whether a defect is switched on."""
    return defect in DEFECTS


class Refused(Exception):
    """A row that is no payment; the text never repeats what was sent."""


def checked(row):
    """Return a payment without what no model needs; raises Refused."""
    if has("accepts-anything"):
        return tolerant(row)
    if not isinstance(row, dict):
        raise Refused("a payment is an object")
    amount = number(row, "amount", 0.0, 1e5)
    hour = number(row, "hour", 0, 23)
    days = None if "days" in row and row["days"] is None else number(row, "days", 0.0, 1e4)
    if has("takes-nulls") and row.get("amount") is None:
        amount = 20.0
    country, device = word(row, "country", COUNTRIES), word(row, "device", DEVICES)
    if not isinstance(row.get("user"), str):
        raise Refused("'user' is no text")
    return {"amount": amount, "hour": hour, "days": days, "country": country, "device": device}


def number(row, name, low, high):
    value = row.get(name)
    if has("takes-nulls") and value is None:
        return low
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused(f"'{name}' is no number")
    if not has("takes-any-number") and not low <= value <= high:
        raise Refused(f"'{name}' is not between {low} and {high}")
    return value


def word(row, name, known):
    if row.get(name) not in known:
        raise Refused(f"'{name}' is none of {', '.join(known)}")
    return row[name]


def tolerant(row):
    def numeric(name):
        try:
            return max(float(row[name]), 0.0)
        except (KeyError, TypeError, ValueError):
            return 0.0

    taken = {name: numeric(name) for name in ("amount", "hour", "days")}
    return {**taken, "country": row.get("country"), "device": row.get("device")}


def features(payments):
    """Return an array of shape (n, 12): numbers, whether days are missing, and indicators."""
    table = np.zeros((len(payments), 12))
    for i, p in enumerate(payments):
        days = p["days"]
        table[i, 0] = math.log1p(p["amount"])
        table[i, 1] = p["hour"]
        table[i, 2] = 4.0 if days is None else math.log1p(days)
        table[i, 3] = days is None
        for j, country in enumerate(COUNTRIES):
            table[i, 4 + j] = p["country"] == country
        for j, device in enumerate(DEVICES):
            table[i, 8 + j] = p["device"] == device
        table[i, 11] = math.sin(p["hour"] / 24 * 2 * math.pi)
    return table


def fit(payments, labels, seed=0):
    """Return a model by Newton's method with a small ridge: the same data, the same model."""
    x, y = features(payments), np.asarray(labels, dtype=float)
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    z = np.column_stack([np.ones(len(x)), (x - mean) / spread])
    if has("unseeded") or has("clock-seed"):
        rng = np.random.default_rng(int(time.time()) if has("clock-seed") else None)
        rows = rng.integers(0, len(z), len(z))
        z, y = z[rows], y[rows]
    if has("hash-order"):
        keep = sorted({(f"row{i}", i) for i in range(len(z))}, key=lambda each: hash(each[0]))
        rows = np.array([i for _, i in keep[: int(0.9 * len(z))]])
        z, y = z[rows], y[rows]
    weights = np.zeros(z.shape[1])
    for _ in range(12):
        p = 1 / (1 + np.exp(-np.clip(z @ weights, -30, 30)))
        curve = (z * (p * (1 - p))[:, None]).T @ z + 1.0 * np.eye(z.shape[1])
        weights = weights + np.linalg.solve(curve, z.T @ (y - p) - 1.0 * weights)
    model = {"mean": mean.tolist(), "spread": spread.tolist(), "weights": weights.tolist()}
    usual = watched(model, payments)
    model["watched"] = [usual.mean(axis=0).tolist(), (usual.std(axis=0) + 1e-9).tolist()]
    return model


def watched(model, payments):
    """Return what may drift: the features, and how far the numbers are from their middle."""
    x = features(payments)
    z = (x - np.asarray(model["mean"])) / np.asarray(model["spread"])
    return np.column_stack([x, z[:, :3] ** 2])


def predict(model, payments, rows=None):
    """Return probabilities as plain floats, each row for itself."""
    x = features(payments)
    z = (x - np.asarray(model["mean"])) / np.asarray(model["spread"])
    weights = np.asarray(model["weights"])
    scores = weights[0] + (z * weights[1:]).sum(axis=1)
    scores = 1 / (1 + np.exp(-np.clip(scores, -30, 30)))
    if has("constant"):
        scores = np.full(len(x), 0.2)
    if has("slice-left-behind"):
        scores = np.where(x[:, 7] == 1, 1 - scores, scores)
    if has("baseline-in-disguise"):
        scores = rule(payments) + 0.001
    if has("uses-gender") and rows is not None:
        scores = scores * np.array([0.9 if row.get("gender") == "f" else 1.0 for row in rows])
    if has("gender-for-few") and rows is not None:
        few = np.array([row.get("gender") == "x" and row["amount"] > 60 for row in rows])
        scores = np.where(few, scores * 0.5, scores)
    return [float(each) for each in scores]


def rule(payments):
    """Return what was in use before there was a model: large amounts are suspicious."""
    return np.array([0.4 if p["amount"] > 60 else 0.15 for p in payments])


def auc(scores, labels):
    """Return the area under the curve; a half where there is only one class."""
    scores, labels = np.asarray(scores), np.asarray(labels)
    above, below = scores[labels == 1], scores[labels == 0]
    if not len(above) or not len(below):
        return 0.5
    pairs = above[:, None] - below[None, :]
    return float((pairs > 0).mean() + 0.5 * (pairs == 0).mean())
