"""What a card looks like this time: numbers drawn and choices shuffled from a seed.

A seed that the record keeps makes the same card again, on every version of Python.
"""

import hashlib

from gradus.core.card import Card


def drawn_numbers(card: Card, seed: int) -> dict[str, int]:
    """Return a whole number for each parameter of a card, within its range, both ends included."""
    return {
        name: low + _number(seed, name) % (high - low + 1)
        for name, (low, high) in card.parameters.items()
    }


def order_of_choices(card: Card, seed: int) -> tuple[int, ...]:
    """Return the places of a card's choices in the order in which they are shown."""
    places = range(len(card.choices))
    return tuple(sorted(places, key=lambda place: _number(seed, f"choice {place}")))


def _number(seed: int, name: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed} {name}".encode()).digest()[:8], "big")
