"""A running mean."""


def mean(numbers):
    if len(numbers) == 0:
        raise ValueError("nothing to average")
    so_far = 0.0
    for place, number in enumerate(numbers, start=1):
        so_far += (number - so_far) / place
    return so_far
