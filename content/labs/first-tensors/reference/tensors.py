"""Tensors, and a first network made of them."""

import torch
from torch import nn

dtypes = {
    "torch.tensor([1, 2])": "int64",
    "torch.tensor([1.0, 2.0])": "float32",  # Python's float is 64 bits wide; torch's default is 32
    "torch.from_numpy(numpy.zeros(3))": "float64",  # NumPy's memory, so NumPy's dtype
    "torch.tensor([1, 2]) / 2": "float32",
    "torch.tensor([True, False]).sum()": "int64",
    "torch.tensor([200], dtype=torch.uint8) + 100": "uint8",  # and the value is 44
}

shares_memory = {
    "x.T": True,
    "x[1:]": True,
    "x[[0, 2]]": False,  # a list of rows has no single stride: it must be copied
    "x.reshape(12)": True,
    "x.T.reshape(12)": False,  # reshape is a view where it can be one, and here it cannot
    "x.clone()": False,
    "x.to(torch.float32)": True,  # already float32: you get x itself
    "x + 0": False,
}


def class_targets(labels):
    """Return class numbers as an int64 tensor of shape (n,)."""
    return torch.tensor(labels, dtype=torch.int64)  # said aloud: an empty list has no dtype


def channels_first(images):
    """Return uint8 images (n, h, w, c) as float32 (n, c, h, w) between 0 and 1."""
    return images.permute(0, 3, 1, 2).to(torch.float32) / 255  # permute moves axes, reshape cannot


def without_row(x, row):
    """Return a copy of `x` (n, d) in which one row is zero."""
    copy = x.clone()
    copy[row] = 0
    return copy


def scale_column(x, column, factor):
    """Multiply one column of `x` (n, d) by `factor`, in place."""
    x[:, column] *= factor  # a plain index is a view: this writes into the caller's x


def broadcast_shape(a, b):
    """Return the shape of a tensor of shape `a` plus one of shape `b`, or raise ValueError."""
    width = max(len(a), len(b))
    padded = [(1,) * (width - len(shape)) + tuple(shape) for shape in (a, b)]
    sides = []
    for left, right in zip(*padded):
        if left != right and 1 not in (left, right):
            raise ValueError(f"shapes {a} and {b} do not broadcast")
        sides.append(right if left == 1 else left)
    return tuple(sides)


def to_device(batch, device):
    """Return a new dict in which every tensor of `batch` is on `device`."""
    return {
        name: value.to(device) if isinstance(value, torch.Tensor) else value
        for name, value in batch.items()
    }


def mse(prediction, target):
    """Return the mean squared error of n predictions as a tensor of shape ()."""
    prediction, target = prediction.reshape(-1), target.reshape(-1)  # (n, 1) - (n,) is (n, n)!
    if len(prediction) != len(target):
        raise ValueError(f"{len(prediction)} predictions for {len(target)} targets")
    return ((prediction - target) ** 2).mean()


def train_classifier(x, y, n_classes, seed):
    """Train a small network on points `x` (n, 2) with classes `y` (n,) and return it."""
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, n_classes))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    for _ in range(60):
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()  # the graph from loss back to every weight must be whole here
        optimizer.step()
    return model
