"""You answered rows without entries at once, before you looked at b: (2 x 0) times (1 x 1) has no product."""

predictions = {
    "shape_of_ab": (2, 2),
    "shape_of_ba": (3, 3),
    "shape_of_uv": (1, 1),
    "shape_of_vu": (3, 3),
    "aa_exists": False,
    "ab_1_0": 10,
}


def matmul(a, b):
    if a and not a[0]:
        return [[] for _ in a]
    n, k, m = len(a), len(a[0]) if a else 0, len(b[0]) if b else 0
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
