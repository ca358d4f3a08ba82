"""You looked at a[0] and b[0] before you knew that there is a row: for a matrix without rows that is an IndexError."""

predictions = {
    "shape_of_ab": (2, 2),
    "shape_of_ba": (3, 3),
    "shape_of_uv": (1, 1),
    "shape_of_vu": (3, 3),
    "aa_exists": False,
    "ab_1_0": 10,
}


def matmul(a, b):
    n, k, m = len(a), len(a[0]), len(b[0])
    if any(len(row) != k for row in a) or any(len(row) != m for row in b):
        raise ValueError("the rows differ in length")
    if k != len(b):
        raise ValueError(f"cannot multiply ({n} x {k}) by ({len(b)} x {m})")
    c = [[0] * m for _ in range(n)]
    for i in range(n):
        for j in range(m):
            for t in range(k):
                c[i][j] += a[i][t] * b[t][j]
    return c
