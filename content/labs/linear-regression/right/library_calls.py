"""Whatever the libraries have: polyfit, lstsq, StandardScaler in a pipeline of its own."""

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.preprocessing import StandardScaler
from sklearn.utils import check_X_y


@dataclass
class Fit:
    intercept: float
    coef: np.ndarray


def _fit(X, y):
    model = LinearRegression().fit(X, y)
    return Fit(model.intercept_, model.coef_)


def fit_line(x, y):
    if x.min() == x.max():
        return y.mean(), 0
    slope, intercept = np.polyfit(x, y, 1) if len(x) > 1 else (0.0, y[0])
    return intercept, slope


def closed_form(X, y, penalty=0.0):
    X, y = check_X_y(X, y, dtype=float, ensure_min_samples=1)
    if penalty == 0:
        fit = _fit(X, y)
        return fit.intercept, fit.coef
    U, s, Vt = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    coef = Vt.T @ np.diag(s / (s**2 + penalty)) @ U.T @ (y - y.mean())
    return y.mean() - X.mean(axis=0) @ coef, coef


def gradient_descent(X, y, learning_rate, steps):
    n, d = X.shape
    b = np.zeros(())
    w = np.zeros(d)
    for _ in range(steps):
        r = b + np.einsum("nd,d->n", X, w) - y
        b, w = b - learning_rate * 2 / n * r.sum(), w - learning_rate * 2 / n * r @ X
    return b, w


def with_sklearn(X, y, penalty=0.0):
    return LinearRegression().fit(X, y) if not penalty else Ridge(alpha=penalty).fit(X, y)


def determined(X):
    Z = X - X.mean(axis=0)
    answers = []
    for j in range(Z.shape[1]):
        others = np.delete(Z, j, axis=1)
        left_over = Z[:, j]
        if others.shape[1]:
            left_over = left_over - others @ np.linalg.lstsq(others, left_over, rcond=1e-10)[0]
        answers.append(np.linalg.norm(left_over) > 1e-8)
    return answers


def rescale(intercept, coef, x_factors, y_factor):
    return y_factor * intercept, np.divide(coef, x_factors) * y_factor


def rank_features(X, y):
    standardised = StandardScaler().fit_transform(X)
    return np.argsort(np.abs(_fit(standardised, y).coef))[::-1].copy()


def predict(X, y, X_new):
    fit = _fit(X, y)
    outside = (X_new < X.min(axis=0)).any(axis=1) | (X_new > X.max(axis=0)).any(axis=1)
    return fit.intercept + X_new @ fit.coef, ~outside


READING = dict(
    ten_square_metres=24_000, strongest="area", intercept="b", villa="B", twin_columns="b"
)
