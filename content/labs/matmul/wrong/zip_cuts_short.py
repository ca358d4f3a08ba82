"""You paired a row with a column by zip, which stops at the shorter one without a word: where the inner sides differ, the rest is dropped and no error is raised."""

predictions = {
    "shape_of_ab": (2, 2),
    "shape_of_ba": (3, 3),
    "shape_of_uv": (1, 1),
    "shape_of_vu": (3, 3),
    "aa_exists": False,
    "ab_1_0": 10,
}


def matmul(a, b):
    columns = list(zip(*b))
    return [[sum(x * y for x, y in zip(row, column)) for column in columns] for row in a]
