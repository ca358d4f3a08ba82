"""A table, and its sum as the hidden answer."""


def make_case(rng):
    numbers = [int(each) for each in rng.integers(0, 100, 8)]
    return {"numbers.txt": " ".join(map(str, numbers))}, {"total": sum(numbers)}
