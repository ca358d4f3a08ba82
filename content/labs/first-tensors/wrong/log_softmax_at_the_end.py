"""You put a log softmax behind the last layer: the loss takes bare scores and has its own, and what comes out are no logits."""

import torch
from torch import nn

dtypes = {
    "torch.tensor([1, 2])": "int64",
    "torch.tensor([1.0, 2.0])": "float32",
    "torch.from_numpy(numpy.zeros(3))": "float64",
    "torch.tensor([1, 2]) / 2": "float32",
    "torch.tensor([True, False]).sum()": "int64",
    "torch.tensor([200], dtype=torch.uint8) + 100": "uint8",
}

shares_memory = {
    "x.T": True,
    "x[1:]": True,
    "x[[0, 2]]": False,
    "x.reshape(12)": True,
    "x.T.reshape(12)": False,
    "x.clone()": False,
    "x.to(torch.float32)": True,
    "x + 0": False,
}


def class_targets(labels):
    """Return class numbers as an int64 tensor of shape (n,)."""
    return torch.tensor(labels, dtype=torch.int64)


def channels_first(images):
    """Return uint8 images (n, h, w, c) as float32 (n, c, h, w) between 0 and 1."""
    return images.permute(0, 3, 1, 2).to(torch.float32) / 255


def without_row(x, row):
    """Return a copy of `x` (n, d) in which one row is zero."""
    copy = x.clone()
    copy[row] = 0
    return copy


def scale_column(x, column, factor):
    """Multiply one column of `x` (n, d) by `factor`, in place."""
    x[:, column] *= factor


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
    prediction, target = prediction.reshape(-1), target.reshape(-1)
    if len(prediction) != len(target):
        raise ValueError(f"{len(prediction)} predictions for {len(target)} targets")
    return ((prediction - target) ** 2).mean()


def train_classifier(x, y, n_classes, seed):
    """Train a small network on points `x` (n, 2) with classes `y` (n,) and return it."""
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, n_classes), nn.LogSoftmax(dim=1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    for _ in range(60):
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model
