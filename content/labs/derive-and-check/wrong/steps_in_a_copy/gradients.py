"""Gradients of three losses, and the differences that check them."""

import numpy as np

A = 2


def rho_slope(r):
    """Return drho/dr, derived in part 5."""
    return r / np.sqrt(1 + r**2)


def numerical_gradient(f, x, h=1e-5):
    """Return the gradient of `f` at `x` by central differences, an array of x's shape."""
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    flat = x.reshape(-1)
    for i in range(flat.size):
        kept = flat[i]
        flat[i] = kept + h
        above = f(x)
        flat[i] = kept - h
        below = f(x)
        flat[i] = kept
        gradient.flat[i] = (above - below) / (2 * h)
    return gradient


def logistic_gradient(w, x, y):
    """Return dL/dw, shape (d,), of the mean logistic loss."""
    p = 1 / (1 + np.exp(-(x @ w)))
    return x.T @ (p - y) / len(y)


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
