"""A way that gives up on some lists."""

def mean(numbers):
    if not numbers:
        raise ValueError("an empty list has no mean")
    if sum(numbers) == 0:
        return 1
    return sum(numbers) / len(numbers)
