"""You hand back b itself where a is the identity, so whoever changes the answer changes b."""

predictions = {"shape_of_ab": (2, 2), "shape_of_ba": (3, 3), "shape_of_uv": (1, 1), "shape_of_vu": (3, 3), "aa_exists": False, "ab_1_0": 10}

def shape(m):
    if not m: return 0, 0
    k = len(m[0])
    for r in m:
        if len(r) != k: raise ValueError("ragged")
    return len(m), k
def matmul(a, b):
    n, k = shape(a); k2, m = shape(b)
    if k != k2: raise ValueError(f"{n}x{k} times {k2}x{m}")
    out = []
    if n == k == m and all(a[i][j] == (i == j) for i in range(n) for j in range(n)): return b
    for i in range(n):
        row = []
        for j in range(m):
            s = 0
            for t in range(k):
                s += a[i][t] * b[t][j]
            row.append(s)
        out.append(row)
    return out
