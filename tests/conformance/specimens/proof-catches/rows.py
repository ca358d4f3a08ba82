"""Lists of numbers."""

import random


def rows(seed, n):
    """Return valid rows."""
    rng = random.Random(seed)
    return [{"first": rng.random(), "second": rng.random()} for _ in range(n)]
