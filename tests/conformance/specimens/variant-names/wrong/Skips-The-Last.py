"""You left the last number out of the sum."""

def mean(numbers):
    if not numbers:
        raise ValueError("an empty list has no mean")
    return sum(numbers[:-1]) / len(numbers)
