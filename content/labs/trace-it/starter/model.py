"""Polynomial ridge regression: the thing that is trained. Do not change it.

A data file is a CSV with a header and the columns x and y (y may be missing for `predict`).
"""

import numpy as np

GRID = ((1, 0.1), (2, 0.1), (3, 0.1))
"""The combinations (degree, alpha) of a sweep."""


def train(path, degree, alpha, seed):
    """Return (model, metrics): the model is a plain dict, the metrics are mean squared errors.

    The seed decides which rows are for training, validation and test. The same file, degree,
    alpha and seed give the same numbers, always.
    """
    x, y = np.loadtxt(path, delimiter=",", skiprows=1, unpack=True)
    order = np.random.default_rng(seed).permutation(len(x))
    first, second = int(0.6 * len(x)), int(0.8 * len(x))
    rows = {"train": order[:first], "validation": order[first:second], "test": order[second:]}
    features = np.vander(x[rows["train"]], degree + 1)
    gram = features.T @ features + alpha * np.eye(degree + 1)
    weights = np.linalg.solve(gram, features.T @ y[rows["train"]])
    model = {"degree": degree, "weights": weights.tolist()}
    errors = {name: np.mean((np.polyval(weights, x[i]) - y[i]) ** 2) for name, i in rows.items()}
    return model, {f"{name}_mse": float(error) for name, error in errors.items()}


def predict(model, path):
    """Return a list of predictions for the rows of a file."""
    table = np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2)
    return np.polyval(model["weights"], table[:, 0]).tolist()
