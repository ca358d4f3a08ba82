"""Scaled dot-product attention, its masks, heads and positions."""

from collections.abc import Callable

import torch

# "rnn" or "transformer"? The lesson describes the four jobs.
better_suited = {
    "copies_from_far": None,
    "endless_stream": None,
    "many_accelerators": None,
    "fixed_cost_per_token": None,
}


def attention(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return what each query gathers, (..., n, e), and its weights, (..., n, m).

    q is (..., n, d), k is (..., m, d), v is (..., m, e). `mask` is bool, broadcasts to
    (..., n, m), and is True where a query may look at a key.
    """
    raise NotImplementedError


def causal_mask(n: int) -> torch.Tensor:
    """Return a bool tensor (n, n), True where query i may look at key j."""
    raise NotImplementedError


def padding_mask(lengths: list[int], n: int) -> torch.Tensor:
    """Return a bool tensor (b, 1, n), True at keys that are no padding."""
    raise NotImplementedError


def multi_head(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    w_o: torch.Tensor,
    n_heads: int,
    mask: torch.Tensor | None = None,
) -> torch.Tensor:
    """Return self-attention of `x` (b, n, d) with `n_heads` heads, (b, n, d).

    All four weights are (d, d). Raises ValueError if d does not divide into n_heads.
    """
    raise NotImplementedError


def positions(n: int, d: int) -> torch.Tensor:
    """Return the sinusoidal encoding of n places, float32 (n, d); ValueError for an odd d."""
    raise NotImplementedError


def order_blind(layer: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> bool:
    """Return whether shuffling the rows of `x` (n, d) only shuffles what `layer` makes of them."""
    raise NotImplementedError


def costs(n: int, d: int) -> dict[str, int]:
    """Return what one recurrent layer and one attention layer need for n places of d features."""
    raise NotImplementedError
