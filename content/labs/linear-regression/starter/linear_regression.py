"""Linear regression by a closed form, by gradient descent and by scikit-learn, and its reading."""

import numpy as np
from sklearn.linear_model import LinearRegression, Ridge


def fit_line(x, y):
    """Return (intercept, slope) of the least-squares line through the points; x, y: (n,).

    If all x are equal the slope is 0 and the intercept is the mean of y.
    """


def closed_form(X, y, penalty=0.0):
    """Return (intercept, coef): a number and an array (d,), for X (n, d) and y (n,).

    They make  sum of squared errors + penalty * sum of squared coef  as small as it can be.
    Where several do, coef is the one with the smallest sum of squares.
    Raises ValueError for zero rows, for X and y of different lengths, for a NaN or an infinity.
    """


def gradient_descent(X, y, learning_rate, steps):
    """Return (intercept, coef) after exactly `steps` steps from zero on the mean squared error."""


def with_sklearn(X, y, penalty=0.0):
    """Return a fitted scikit-learn estimator that solves what closed_form solves."""


def determined(X):
    """Return (d,) bools: True where the data X (n, d) fix the coefficient of that column."""


def rescale(intercept, coef, x_factors, y_factor):
    """Return (intercept, coef) of the same fit when the numbers are recorded in other units.

    Every number of feature j is multiplied by x_factors[j] (all > 0), every y by y_factor.
    """


def rank_features(X, y):
    """Return the column numbers, from the feature that moves the prediction most to the least."""


def predict(X, y, X_new):
    """Return (values, inside): predictions (m,) of the plain fit to X, y, and bools (m,).

    inside is True where every feature of the row lies in the range that X has, ends included.
    """


# Your answers to the five questions about the printed fit in the lesson.
READING = {
    "ten_square_metres": None,  # a number, in euros
    "strongest": None,  # "area", "rooms" or "age"
    "intercept": None,  # "a", "b" or "c"
    "villa": None,  # "a" or "b"
    "twin_columns": None,  # "a", "b" or "c"
}
