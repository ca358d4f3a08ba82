"""You ranked by the correlation with y: a feature that goes along with a strong one looks strong, whatever it does itself."""

import numpy as np
from sklearn.linear_model import LinearRegression, Ridge


def fit_line(x, y):
    """One feature: the slope is covariance over variance, and the line goes through the means."""
    dx = x - x.mean()
    spread = dx @ dx
    slope = dx @ (y - y.mean()) / spread if spread > 0 else 0.0
    return y.mean() - slope * x.mean(), slope


def closed_form(X, y, penalty=0.0):
    """Centre, so that the intercept is out of the way; then the smallest of the best coefficients.

    A penalty is nothing but d more rows that say "every coefficient is 0", weighed by its root.
    """
    if len(X) == 0 or len(X) != len(y):
        raise ValueError(f"X has {len(X)} rows and y has {len(y)}: they must agree and not be 0")
    if not (np.isfinite(X).all() and np.isfinite(y).all()):
        raise ValueError("X or y holds a NaN or an infinity")
    d = X.shape[1]
    rows = np.vstack([X - X.mean(axis=0), np.sqrt(penalty) * np.eye(d)])
    targets = np.concatenate([y - y.mean(), np.zeros(d)])
    coef, *_ = np.linalg.lstsq(rows, targets, rcond=1e-10)  # SVD: no inverse, so none can fail
    return y.mean() - X.mean(axis=0) @ coef, coef


def gradient_descent(X, y, learning_rate, steps):
    """The mean squared error, downhill from zero; both gradients come before either update."""
    intercept, coef = 0.0, np.zeros(X.shape[1])
    for _ in range(steps):
        error = intercept + X @ coef - y
        intercept_gradient, coef_gradient = 2 * error.mean(), 2 * X.T @ error / len(y)
        intercept = intercept - learning_rate * intercept_gradient
        coef = coef - learning_rate * coef_gradient
    return intercept, coef


def with_sklearn(X, y, penalty=0.0):
    """Ridge's alpha is our penalty: both weigh the sum of the squared errors, not the mean."""
    return (Ridge(alpha=penalty) if penalty > 0 else LinearRegression()).fit(X, y)


def determined(X):
    """A column has a coefficient of its own only if it adds to what the others span."""
    centred = X - X.mean(axis=0)
    rank = np.linalg.matrix_rank(centred)
    without = [np.linalg.matrix_rank(np.delete(centred, j, axis=1)) for j in range(X.shape[1])]
    return np.array([r < rank for r in without])


def rescale(intercept, coef, x_factors, y_factor):
    """Units: a coefficient is y per x, so it grows with y's numbers and shrinks with x's."""
    return intercept * y_factor, coef * y_factor / x_factors


def rank_features(X, y):
    """One standard deviation of each feature, in units of y: only so can they be compared."""
    together = (X - X.mean(axis=0)).T @ (y - y.mean())
    return np.argsort(-np.abs(together) / X.std(axis=0), kind="stable")


def predict(X, y, X_new):
    """The plane goes on for ever; the data do not."""
    intercept, coef = closed_form(X, y)
    inside = ((X_new >= X.min(axis=0)) & (X_new <= X.max(axis=0))).all(axis=1)
    return intercept + X_new @ coef, inside


READING = {
    "ten_square_metres": 24_000,  # 10 m2 at 2.4 thousand euros each
    "strongest": "area",  # 2.4 * 30 = 72, against 11 * 1.2 = 13 and 0.6 * 28 = 17
    "intercept": "b",  # no flat has 0 m2
    "villa": "b",  # the largest flat seen has 140 m2
    "twin_columns": "b",  # only what the two do together is in the data
}
