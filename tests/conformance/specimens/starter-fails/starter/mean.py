"""The mean."""

def mean(numbers):
    if not numbers:
        raise ValueError("an empty list has no mean")
    return sum(numbers) / len(numbers)
