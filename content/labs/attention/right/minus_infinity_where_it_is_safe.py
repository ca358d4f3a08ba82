"""Minus infinity, but only in rows that have a key to look at."""

import math

import numpy as np
import torch
import torch.nn.functional as F

better_suited = {
    "copies_from_far": "transformer",
    "endless_stream": "rnn",
    "many_accelerators": "transformer",
    "fixed_cost_per_token": "rnn",
}


def attention(q, k, v, mask=None):
    scores = torch.matmul(q, k.mT) / math.sqrt(k.size(-1))
    if mask is None:
        weights = F.softmax(scores, -1)
        return weights @ v, weights
    somewhere = mask.any(-1, keepdim=True)
    scores = torch.where(mask | ~somewhere, scores, torch.tensor(-torch.inf))
    weights = F.softmax(scores, dim=-1) * somewhere
    return weights @ v, weights


def causal_mask(n):
    return ~torch.triu(torch.ones((n, n)), diagonal=1).bool()


def padding_mask(lengths, n):
    rows = [[[place < length for place in range(n)]] for length in lengths]
    return torch.tensor(rows, dtype=torch.bool)


def multi_head(x, w_q, w_k, w_v, w_o, n_heads, mask=None):
    if x.shape[2] % n_heads != 0:
        raise ValueError("heads")
    q, k, v = (
        torch.stack(torch.chunk(x @ w, n_heads, dim=-1)) for w in (w_q, w_k, w_v)
    )  # (heads, b, n, width): the mask broadcasts from the right as it is
    out, _ = attention(q, k, v, mask)
    return torch.cat(list(out), dim=-1).matmul(w_o)


def positions(n, d):
    if d % 2:
        raise ValueError(d)
    i = np.arange(d)
    angles = np.outer(np.arange(n), 1e4 ** (-(i - i % 2) / d))
    code = np.where(i % 2, np.cos(angles), np.sin(angles))
    return torch.from_numpy(code).to(torch.float32)


def order_blind(layer, x):
    before = layer(x).numpy()
    for seed in range(20):
        order = np.random.default_rng(seed).permutation(len(x))
        if np.abs(layer(x[torch.from_numpy(order)]).numpy() - before[order]).max() > 1e-3:
            return False
    return True


def costs(n, d):
    return {
        "attention_products": float(2 * n**2 * d),
        "rnn_products": 2 * n * d**2,
        "attention_path": 1,
        "rnn_path": n,
        "attention_steps": 1,
        "rnn_steps": n,
    }
