"""One expression over rows and columns."""

predictions = {
    "shape_of_ab": (2, 2),
    "shape_of_ba": (3, 3),
    "shape_of_uv": (1, 1),
    "shape_of_vu": (3, 3),
    "aa_exists": False,
    "ab_1_0": 10,
}


def matmul(a, b):
    if len({len(row) for row in a}) > 1 or len({len(row) for row in b}) > 1:
        raise ValueError("uneven rows")
    if (len(a[0]) if a else 0) != len(b):
        raise ValueError("inner sides differ")
    return [[sum(x * y for x, y in zip(row, column)) for column in zip(*b)] for row in a]
