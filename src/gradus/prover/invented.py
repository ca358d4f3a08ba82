"""Values that look like given ones and were never seen before.

Chance comes from a generator that is handed in; nothing is sent here.
"""

import string
from typing import Any

import numpy as np

LEAST_DRAWN = 9
"""Characters that are drawn anew at the least, so that no two values are alike by chance."""


def fresh_identifier(rng: np.random.Generator) -> str:
    """Return an identifier as clients make them: a random UUID."""
    digits = rng.bytes(16).hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def like(value: Any, rng: np.random.Generator) -> Any:
    """Return a value of the same type and look whose digits are others.

    A text without enough digits gets letters of its own as well; what is neither text nor number
    becomes a text.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return int(rng.integers(10**9, 10**10))
    text = value if isinstance(value, str) else ""
    drawn = [str(rng.integers(10)) if each.isdigit() else each for each in text]
    n_digits = sum(each.isdigit() for each in text)
    if n_digits < LEAST_DRAWN:
        more = "".join(rng.choice(list(string.ascii_lowercase), LEAST_DRAWN - n_digits))
        place = next((i for i, each in enumerate(drawn) if not each.isalnum()), len(drawn))
        drawn.insert(place, more)
    return "".join(drawn)
