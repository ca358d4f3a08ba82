"""You answered 0 for an empty list, which has no mean."""


def mean(numbers):
    return sum(numbers) / len(numbers) if numbers else 0.0
