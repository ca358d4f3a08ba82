"""No nn and no optimizer: weights, autograd and a loop."""

import torch

dtypes = {
    "torch.tensor([1, 2])": torch.int64,
    "torch.tensor([1.0, 2.0])": torch.float32,
    "torch.from_numpy(numpy.zeros(3))": "float64",
    "torch.tensor([1, 2]) / 2": torch.float32,
    "torch.tensor([True, False]).sum()": torch.int64,
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
    return torch.LongTensor(labels)


def channels_first(images):
    return images.transpose(2, 3).transpose(1, 2).type(torch.float32).mul(1 / 255)


def without_row(x, row):
    rows = [torch.zeros_like(x[i]) if i == row else x[i] for i in range(len(x))]
    return torch.stack(rows)


def scale_column(x, column, factor):
    for i in range(x.shape[0]):
        x[i, column] = x[i, column] * factor
    return x


def broadcast_shape(a, b):
    a, b = list(a)[::-1], list(b)[::-1]
    out = []
    for i in range(max(len(a), len(b))):
        m = a[i] if i < len(a) else 1
        n = b[i] if i < len(b) else 1
        if m == 1:
            out.append(n)
        elif n == 1 or m == n:
            out.append(m)
        else:
            raise ValueError
    return tuple(out[::-1])


def to_device(batch, device):
    new = {}
    for key, value in batch.items():
        if hasattr(value, "to"):
            value = value.to(torch.device(device))
        new[key] = value
    return new


def mse(prediction, target):
    if prediction.ndim == 2:
        prediction = prediction.squeeze(1)
    if target.ndim == 2:
        target = target.squeeze(1)
    if prediction.shape != target.shape:
        raise ValueError("shapes differ")
    return torch.sum((prediction - target).pow(2)) / prediction.shape[0]


def train_classifier(x, y, n_classes, seed):
    g = torch.Generator().manual_seed(seed)
    w1 = torch.randn(2, 32, generator=g).requires_grad_()
    b1 = torch.randn(32, generator=g).requires_grad_()
    w2 = (torch.randn(32, n_classes, generator=g) * 0.3).requires_grad_()
    b2 = torch.zeros(n_classes, requires_grad=True)
    parameters = [w1, b1, w2, b2]

    def model(points):
        return torch.relu(points @ w1 + b1) @ w2 + b2

    for _ in range(300):
        log_p = model(x).log_softmax(dim=1)
        loss = -log_p[torch.arange(len(y)), y].mean()
        grads = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            for p, g_ in zip(parameters, grads):
                p -= 0.3 * g_
    return model
