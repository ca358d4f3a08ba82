"""You sorted the caller's own list."""


def mean(numbers):
    if not numbers:
        raise ValueError("an empty list has no mean")
    numbers.sort()
    return sum(numbers) / len(numbers)
