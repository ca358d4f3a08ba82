"""Softmax by hand, einsum for every product, masks as factors."""

import torch

better_suited = {
    "copies_from_far": "transformer",
    "endless_stream": "rnn",
    "many_accelerators": "transformer",
    "fixed_cost_per_token": "rnn",
}


def attention(q, k, v, mask=None):
    s = torch.einsum("...nd,...md->...nm", q * q.shape[-1] ** -0.5, k)
    keep = torch.ones_like(s) if mask is None else mask.to(s.dtype).expand_as(s)
    s = torch.where(keep > 0, s, torch.finfo(s.dtype).min)
    e = torch.exp(s - s.amax(dim=-1, keepdim=True).detach()) * keep
    total = e.sum(-1, keepdim=True)
    w = e / torch.where(total > 0, total, torch.ones_like(total))
    return torch.einsum("...nm,...me->...ne", w, v), w


def causal_mask(n):
    i = torch.arange(n)
    return i[:, None] >= i


def padding_mask(lengths, n):
    mask = torch.zeros(len(lengths), 1, n, dtype=torch.bool)
    for row, length in enumerate(lengths):
        mask[row, 0, :length] = True
    return mask


def multi_head(x, w_q, w_k, w_v, w_o, n_heads, mask=None):
    width, rest = divmod(x.shape[-1], n_heads)
    if rest:
        raise ValueError
    out = 0
    for h in range(n_heads):
        c = slice(h * width, (h + 1) * width)
        o, _ = attention(x @ w_q[:, c], x @ w_k[:, c], x @ w_v[:, c], mask)
        out = out + o @ w_o[c]
    return out


def positions(n, d):
    if d % 2 == 1:
        raise ValueError("odd")
    code = torch.zeros(n, d)
    for i in range(d // 2):
        angle = torch.arange(n) / 10000 ** (2 * i / d)
        code[:, 2 * i] = torch.sin(angle)
        code[:, 2 * i + 1] = torch.cos(angle)
    return code


def order_blind(layer, x):
    swap = [1, 0, *range(2, len(x))]
    turn = [*range(1, len(x)), 0]
    out = layer(x)
    return bool(all(torch.allclose(layer(x[p]), out[p], rtol=0.0, atol=1e-4) for p in (swap, turn)))


def costs(n, d):
    return dict(
        rnn_steps=n,
        rnn_path=n,
        rnn_products=n * (d * d + d * d),
        attention_steps=1,
        attention_path=1,
        attention_products=n * n * (d + d),
    )
