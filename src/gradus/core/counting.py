"""Numbers of things as a person says them."""


def counted(number: int, noun: str) -> str:
    """Return `1 lab` or `3 labs`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
