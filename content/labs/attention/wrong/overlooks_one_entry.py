"""You let a difference of 0.01 pass where one entry alone has it: a share of large numbers (rtol) or a mean over all entries is no bound for each entry."""

import math

import torch

better_suited = {
    "copies_from_far": "transformer",
    "endless_stream": "rnn",
    "many_accelerators": "transformer",
    "fixed_cost_per_token": "rnn",
}


def attention(q, k, v, mask=None):
    """Return what each query gathers, (..., n, e), and its weights, (..., n, m)."""
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    weights = scores.softmax(dim=-1)
    if mask is not None:
        weights = weights.masked_fill(~mask, 0.0)
    return weights @ v, weights


def causal_mask(n):
    """Return a bool tensor (n, n), True where query i may look at key j: j <= i."""
    return torch.ones(n, n, dtype=torch.bool).tril()


def padding_mask(lengths, n):
    """Return a bool tensor (b, 1, n), True at the first `lengths[b]` keys."""
    return torch.arange(n) < torch.as_tensor(lengths)[:, None, None]


def multi_head(x, w_q, w_k, w_v, w_o, n_heads, mask=None):
    """Return self-attention of `x` (b, n, d) with `n_heads` heads, (b, n, d)."""
    b, n, d = x.shape
    if d % n_heads:
        raise ValueError(f"{d} features do not divide into {n_heads} heads")

    def heads(projected):
        return projected.reshape(b, n, n_heads, d // n_heads).transpose(1, 2)

    if mask is not None:
        mask = mask.broadcast_to(b, n, n).unsqueeze(1)
    gathered, _ = attention(heads(x @ w_q), heads(x @ w_k), heads(x @ w_v), mask)
    return gathered.transpose(1, 2).reshape(b, n, d) @ w_o


def positions(n, d):
    """Return the sinusoidal encoding of n places, float32 (n, d), sine and cosine in turn."""
    if d % 2:
        raise ValueError(f"{d} features cannot hold sines and cosines in pairs")
    place = torch.arange(n, dtype=torch.float64)[:, None]
    angle = place / 10_000 ** (torch.arange(0, d, 2, dtype=torch.float64) / d)
    return torch.stack([angle.sin(), angle.cos()], dim=-1).reshape(n, d).float()


def order_blind(layer, x):
    """Return whether shuffling the rows of `x` (n, d) only shuffles what `layer` makes of them."""
    made = layer(x)
    generator = torch.Generator().manual_seed(0)
    for _ in range(5):
        order = torch.randperm(len(x), generator=generator)
        if not torch.allclose(layer(x[order]), made[order], atol=1e-4):
            return False
    return True


def costs(n, d):
    """Return what one recurrent layer and one attention layer need for n places of d features."""
    return {
        "rnn_steps": n,
        "attention_steps": 1,
        "rnn_path": n,
        "attention_path": 1,
        "rnn_products": 2 * n * d * d,
        "attention_products": 2 * n * n * d,
    }
