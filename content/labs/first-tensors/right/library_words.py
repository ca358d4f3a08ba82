"""The library's own words where it has them, and a loop over minibatches."""

import numpy as np
import torch
import torch.nn.functional as F
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
    return torch.as_tensor(np.asarray(labels, dtype=np.int64))


def channels_first(images):
    return torch.einsum("nhwc->nchw", images.float()).div(255.0).contiguous()


def without_row(x, row):
    keep = torch.ones(len(x), 1, dtype=x.dtype)
    keep[row] = 0
    return x * keep


def scale_column(x, column, factor):
    x.select(1, column).mul_(factor)


def broadcast_shape(a, b):
    try:
        return torch.broadcast_shapes(a, b)
    except RuntimeError as error:
        raise ValueError(str(error)) from None


def to_device(batch, device):
    moved = dict(batch)
    for name in moved:
        if torch.is_tensor(moved[name]):
            moved[name] = moved[name].to(device)
    return moved


def mse(prediction, target):
    if prediction.numel() != target.numel():
        raise ValueError("as many predictions as targets, please")
    return F.mse_loss(prediction.flatten(), target.flatten())


class Net(nn.Module):
    def __init__(self, n_classes):
        super().__init__()
        self.hidden = nn.Linear(2, 24)
        self.out = nn.Linear(24, n_classes)

    def forward(self, x):
        return self.out(torch.tanh(self.hidden(x)))


def train_classifier(x, y, n_classes, seed):
    torch.manual_seed(seed)
    net = Net(n_classes)
    opt = torch.optim.SGD(net.parameters(), lr=0.3, momentum=0.9)
    for epoch in range(30):
        for rows in torch.randperm(len(x)).split(50):
            opt.zero_grad()
            F.cross_entropy(net(x[rows]), y[rows]).backward()
            opt.step()
    return net.eval()
