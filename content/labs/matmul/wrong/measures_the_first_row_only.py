"""You took the length of the first row for the length of all: a later row that is shorter or longer goes unnoticed, or ends in an IndexError."""

predictions = {
    "shape_of_ab": (2, 2),
    "shape_of_ba": (3, 3),
    "shape_of_uv": (1, 1),
    "shape_of_vu": (3, 3),
    "aa_exists": False,
    "ab_1_0": 10,
}


def matmul(a, b):
    n, k = len(a), len(a[0]) if a else 0
    k_too, m = len(b), len(b[0]) if b else 0
    if k != k_too:
        raise ValueError(f"cannot multiply ({n} x {k}) by ({k_too} x {m})")
    c = [[0] * m for _ in range(n)]
    for i in range(n):
        for j in range(m):
            for t in range(k):
                c[i][j] += a[i][t] * b[t][j]
    return c
