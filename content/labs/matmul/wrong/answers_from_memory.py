"""You kept the answer and hand out the same list again: whoever changes the first answer has changed the second."""

predictions = {
    "shape_of_ab": (2, 2),
    "shape_of_ba": (3, 3),
    "shape_of_uv": (1, 1),
    "shape_of_vu": (3, 3),
    "aa_exists": False,
    "ab_1_0": 10,
}

known = {}


def shape(matrix):
    rows = len(matrix)
    columns = len(matrix[0]) if matrix else 0
    if any(len(row) != columns for row in matrix):
        raise ValueError("the rows differ in length")
    return rows, columns


def matmul(a, b):
    (n, k), (k_too, m) = shape(a), shape(b)
    if k != k_too:
        raise ValueError(f"cannot multiply ({n} x {k}) by ({k_too} x {m})")
    key = repr((a, b))
    if key in known:
        return known[key]
    c = [[0] * m for _ in range(n)]
    for i in range(n):
        for j in range(m):
            for t in range(k):
                c[i][j] += a[i][t] * b[t][j]
    known[key] = c
    return c
