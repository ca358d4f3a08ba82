"""You divided by n - 1: that belongs to the variance, not to the mean."""


def mean(numbers):
    if not numbers:
        raise ValueError("an empty list has no mean")
    return sum(numbers) / (len(numbers) - 1)
