"""A sum of outer products, one for each inner index, with an error class of its own."""

predictions = {
    "shape_of_ab": (2, 2),
    "shape_of_ba": (3, 3),
    "shape_of_uv": (1, 1),
    "shape_of_vu": (3, 3),
    "aa_exists": False,
    "ab_1_0": 10,
}


class ShapeError(ValueError):
    pass


def measure(matrix):
    lengths = set(map(len, matrix))
    if len(lengths) > 1:
        raise ShapeError("not a matrix")
    return len(matrix), lengths.pop() if lengths else 0


def matmul(a, b):
    n, k = measure(a)
    rows, m = measure(b)
    if rows != k:
        raise ShapeError("no product")
    c = [[0 for _ in range(m)] for _ in range(n)]
    for t in range(k):
        column, row = [line[t] for line in a], b[t]
        for i, x in enumerate(column):
            for j, y in enumerate(row):
                c[i][j] = c[i][j] + x * y
    return c
