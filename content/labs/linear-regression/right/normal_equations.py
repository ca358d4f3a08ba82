"""Gram matrices, pseudo-inverses and plain loops."""

import math

import numpy as np
from sklearn import linear_model


def fit_line(x, y):
    n = len(x)
    mx, my = sum(x) / n, sum(y) / n
    top = bottom = 0.0
    for xi, yi in zip(x, y, strict=True):
        top += (xi - mx) * (yi - my)
        bottom += (xi - mx) ** 2
    slope = 0.0 if bottom == 0 else top / bottom
    return [my - slope * mx, slope]


def closed_form(X, y, penalty=0.0):
    if len(X) < 1 or len(X) != len(y):
        raise ValueError("rows")
    if any(not math.isfinite(v) for v in [*X.ravel(), *y]):
        raise ValueError("not finite")
    mx = np.array([sum(column) / len(X) for column in X.T])
    my = sum(y) / len(y)
    Z = X - mx
    gram = Z.T @ Z + penalty * np.identity(Z.shape[1])
    coef = np.linalg.pinv(gram, rcond=1e-11) @ Z.T @ (y - my)
    return float(my - mx @ coef), coef.tolist()


def gradient_descent(X, y, learning_rate, steps):
    theta = np.zeros(1 + X.shape[1])
    A = np.hstack([np.ones((len(X), 1)), X])
    H, g = 2 * A.T @ A / len(A), 2 * A.T @ y / len(A)
    while steps:
        theta = theta - learning_rate * (H @ theta - g)
        steps -= 1
    return theta[0], theta[1:]


def with_sklearn(X, y, penalty=0.0):
    model = linear_model.LinearRegression()
    if penalty:
        model = linear_model.Ridge(penalty, solver="svd")
    model.fit(X, y)
    return model


def determined(X):
    Z = X - X.mean(0)
    # A coefficient is fixed when the projection on the row space leaves its unit vector alone.
    onto_rows = np.linalg.pinv(Z, rcond=1e-10) @ Z
    return [bool(abs(onto_rows[j, j] - 1) < 1e-9) for j in range(X.shape[1])]


def rescale(intercept, coef, x_factors, y_factor):
    return intercept * y_factor, [c * y_factor / f for c, f in zip(coef, x_factors, strict=True)]


def rank_features(X, y):
    coef = closed_form(X, y)[1]
    effect = {j: abs(c) * float(np.std(X[:, j], ddof=1)) for j, c in enumerate(coef)}
    return sorted(effect, key=effect.get, reverse=True)


def predict(X, y, X_new):
    b, w = closed_form(X, y)
    low, high = X.min(0), X.max(0)
    values, inside = [], []
    for row in X_new:
        values.append(b + float(np.dot(row, w)))
        inside.append(all(lo <= v <= hi for lo, v, hi in zip(low, row, high, strict=True)))
    return values, inside


READING = {
    "ten_square_metres": 24000.0,
    "strongest": "area",
    "intercept": "b",
    "villa": "b",
    "twin_columns": "b",
}
