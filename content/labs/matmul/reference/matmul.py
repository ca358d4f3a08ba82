"""The product of two matrices, written with loops."""

predictions = {
    "shape_of_ab": (2, 2),  # (2 x 3)(3 x 2): the threes meet and vanish
    "shape_of_ba": (3, 3),  # (3 x 2)(2 x 3): now the twos do
    "shape_of_uv": (1, 1),  # a row times a column is a single number
    "shape_of_vu": (3, 3),  # a column times a row is a whole table
    "aa_exists": False,  # (2 x 3)(2 x 3): 3 meets 2
    "ab_1_0": 10,  # 3 * 2 + (-1) * 0 + 4 * 1
}


def shape(matrix):
    """Return (rows, columns), or raise ValueError if the rows differ in length."""
    rows = len(matrix)
    columns = len(matrix[0]) if matrix else 0
    for row in matrix:
        if len(row) != columns:
            raise ValueError(f"rows of length {columns} and {len(row)} in one matrix")
    return rows, columns


def matmul(a, b):
    """Return the matrix product of `a` (n by k) and `b` (k by m), a new list of n rows."""
    (n, k), (k_too, m) = shape(a), shape(b)
    if k != k_too:  # the inner sides must be equal
        raise ValueError(f"cannot multiply ({n} x {k}) by ({k_too} x {m})")

    c = [[0] * m for _ in range(n)]  # a fresh row each time round, never one row n times
    for i in range(n):
        for j in range(m):
            for t in range(k):  # along row i of a and down column j of b, in step
                c[i][j] += a[i][t] * b[t][j]
    return c
