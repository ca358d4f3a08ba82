"""Gradients of three losses, and the differences that check them."""

from collections.abc import Callable

import numpy as np


def numerical_gradient(f: Callable[[np.ndarray], float], x: np.ndarray) -> np.ndarray:
    """Return the gradient of `f` at `x` by central differences, an array of x's shape."""
    raise NotImplementedError


def logistic_gradient(w: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return dL/dw, shape (d,), for weights (d,), samples (n, d) and labels (n,) of 0 and 1.

    L is the mean over the samples of -(y log p + (1 - y) log(1 - p)), p = sigmoid(x w).
    """
    raise NotImplementedError


def softmax_gradient(weights: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return dL/dW, shape (d, k), for weights (d, k), samples (n, d) and classes (n,).

    L is the mean over the samples of -log of the true class's probability, softmax(x W)[y].
    """
    raise NotImplementedError


def own_gradient(w: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return dL/dw, shape (d,), of the loss in part 5 of your derivations.toml.

    Weights (d,), samples (n, d), targets (n,).
    """
    raise NotImplementedError
