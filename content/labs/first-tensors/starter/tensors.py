"""Tensors, and a first network made of them."""

import torch
from torch import nn

# 1. Predict, then run. Replace each None by the dtype's name, such as "float32".
dtypes = {
    "torch.tensor([1, 2])": None,
    "torch.tensor([1.0, 2.0])": None,
    "torch.from_numpy(numpy.zeros(3))": None,
    "torch.tensor([1, 2]) / 2": None,
    "torch.tensor([True, False]).sum()": None,
    "torch.tensor([200], dtype=torch.uint8) + 100": None,
}

# x = torch.arange(12.0).reshape(3, 4)
# If somebody writes into the new tensor, does x change? True or False.
shares_memory = {
    "x.T": None,
    "x[1:]": None,
    "x[[0, 2]]": None,
    "x.reshape(12)": None,
    "x.T.reshape(12)": None,
    "x.clone()": None,
    "x.to(torch.float32)": None,
    "x + 0": None,
}


# 2. Tensors.
def class_targets(labels: list[int]) -> torch.Tensor:
    """Return class numbers as an int64 tensor of shape (n,)."""
    raise NotImplementedError


def channels_first(images: torch.Tensor) -> torch.Tensor:
    """Return uint8 images (n, h, w, c) as float32 (n, c, h, w) between 0 and 1."""
    raise NotImplementedError


def without_row(x: torch.Tensor, row: int) -> torch.Tensor:
    """Return a copy of `x` (n, d) in which one row is zero; `x` is left as it was."""
    raise NotImplementedError


def scale_column(x: torch.Tensor, column: int, factor: float) -> None:
    """Multiply one column of `x` (n, d) by `factor`, in place."""
    raise NotImplementedError


def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape of a tensor of shape `a` plus one of shape `b`, or raise ValueError."""
    raise NotImplementedError


def to_device(batch: dict, device: str) -> dict:
    """Return a new dict in which every tensor of `batch` is on `device`."""
    raise NotImplementedError


def mse(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Return the mean squared error of n predictions as a tensor of shape ().

    Each of the two has shape (n,) or (n, 1). Raises ValueError if they differ in n.
    """
    raise NotImplementedError


# 3. A first network.
def train_classifier(x: torch.Tensor, y: torch.Tensor, n_classes: int, seed: int) -> nn.Module:
    """Train a small network on points `x` (n, 2) with classes `y` (n,) and return it."""
    raise NotImplementedError
