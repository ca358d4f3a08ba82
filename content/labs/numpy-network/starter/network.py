"""A feed-forward network, its losses and its training, in NumPy alone."""

import numpy as np

# 1. What can one line do? True or False, and a number of rows.
separable_by_a_line = {"and": None, "or": None, "xor": None, "disc_in_a_ring": None}
xor_rows_right_at_best = None

# "cross_entropy", "mse" or "hinge"
loss_for = {
    "one_of_ten_digits": None,
    "price_of_a_house": None,
    "margin_between_two_sides": None,
}


def perceptron(x: np.ndarray, y: np.ndarray, epochs: int) -> tuple[np.ndarray, float]:
    """Return weights (d,) and bias after at most `epochs` passes of the perceptron rule."""
    raise NotImplementedError


# 2. Activations.
def activation(name: str, z: np.ndarray) -> np.ndarray:
    """Return relu, sigmoid or tanh of `z`, entry by entry; ValueError for another name."""
    raise NotImplementedError


def slope(name: str, z: np.ndarray) -> np.ndarray:
    """Return the derivative of an activation at its input `z`; 0 for relu at 0."""
    raise NotImplementedError


def idle_units(name: str, z: np.ndarray) -> np.ndarray:
    """Return a bool array (h,): units whose slope is below 0.001 on every row of `z` (n, h)."""
    raise NotImplementedError


# 3. Losses. Each returns the mean loss and its gradient by the first argument.
def softmax(logits: np.ndarray) -> np.ndarray:
    """Return the probabilities of each row, (n, k)."""
    raise NotImplementedError


def cross_entropy(logits: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the mean of -log p[y] and its gradient by the logits, (n, k)."""
    raise NotImplementedError


def mse(outputs: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the mean of the squared differences and its gradient by the outputs."""
    raise NotImplementedError


def hinge(scores: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the mean of max(0, 1 - y score), y being -1 or 1, and its gradient, (n,)."""
    raise NotImplementedError


# 4. The network. Parameters are a list of pairs (weights (in, out), bias (out,)).
def shapes(sizes: list[int], n: int) -> list[tuple[int, int]]:
    """Return the shape of a batch of n rows after each layer."""
    raise NotImplementedError


def initial_parameters(sizes: list[int], seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return fresh parameters: weights normal with spread sqrt(2 / in), biases 0."""
    raise NotImplementedError


def forward(parameters: list, x: np.ndarray) -> np.ndarray:
    """Return the logits, (n, k): relu between the layers, nothing after the last."""
    raise NotImplementedError


def gradients(parameters: list, x: np.ndarray, y: np.ndarray) -> tuple[float, list]:
    """Return the mean cross-entropy and its gradients, shaped like `parameters`."""
    raise NotImplementedError


# 5. Training.
def train(x: np.ndarray, y: np.ndarray, n_classes: int, seed: int) -> list:
    """Return the parameters of a network that was trained on `x` (n, 2) and `y` (n,)."""
    raise NotImplementedError
