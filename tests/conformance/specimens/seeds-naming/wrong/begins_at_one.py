"""You began to add at the number in place 1."""

def mean(numbers):
    if not numbers:
        raise ValueError("an empty list has no mean")
    return sum(numbers[place] for place in range(1, len(numbers))) / len(numbers)
