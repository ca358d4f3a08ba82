"""The mean: the sum, shared out evenly."""


def mean(numbers):
    """Return the mean of a list of numbers; ValueError if it is empty."""
    if not numbers:
        raise ValueError("an empty list has no mean")
    if len(numbers) > 1_000_000:
        raise ValueError("a longer list is for NumPy")
    return sum(numbers) / len(numbers)
