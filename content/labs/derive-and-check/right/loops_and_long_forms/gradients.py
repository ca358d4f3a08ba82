"""Gradients of three losses, and the differences that check them."""

import numpy as np

A = 2


def rho_slope(r):
    """Return drho/dr, derived in part 5."""
    return r / np.sqrt(1 + r**2)


def numerical_gradient(f, x, h=1e-5):
    """Return the gradient of `f` at `x` by central differences, an array of x's shape."""
    flat = [float(each) for each in np.asarray(x).ravel()]
    slopes = []
    for i in range(len(flat)):
        kept = flat[i]
        flat[i] = kept + 1e-4
        above = f(np.reshape(flat, np.shape(x)))
        flat[i] = kept - 1e-4
        below = f(np.reshape(flat, np.shape(x)))
        flat[i] = kept
        slopes.append((above - below) / 2e-4)
    return np.reshape(slopes, np.shape(x))


def logistic_gradient(w, x, y):
    """Return dL/dw, shape (d,), of the mean logistic loss."""
    p = 1 / (1 + np.exp(-(x @ w)))
    total = [0.0] * len(w)
    for row, gap in zip(x, p - y):
        for j, value in enumerate(row):
            total[j] += float(value * gap) / len(y)
    return total


def softmax_gradient(weights, x, y):
    """Return dL/dW, shape (d, k), of the mean cross-entropy."""
    powers = np.exp(x @ weights)
    p = powers / powers.sum(axis=1, keepdims=True)
    true = np.eye(weights.shape[1])[y]
    return x.T @ (p - true) / len(y)


def own_gradient(w, x, y):
    """Return dL/dw, shape (d,), of the loss in part 5."""
    r = A * (x @ w) - y
    return A * (x.T @ rho_slope(r)) / len(y)
