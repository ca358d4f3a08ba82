"""Each row of the answer as a sum of multiples of the rows of b, in floats."""

predictions = dict(
    shape_of_ab=[2, 2], shape_of_ba=[3, 3], shape_of_uv=[1, 1], shape_of_vu=[3, 3],
    aa_exists=False, ab_1_0=10.0,
)


def matmul(a, b):
    inner = len(b)
    width = len(b[0]) if b else 0
    for row in b:
        if len(row) != width:
            raise ValueError(f"b is uneven: {[len(row) for row in b]}")
    if not a and inner:
        raise ValueError("a is empty and b is not")
    product = []
    for row in a:
        if len(row) != inner:
            raise ValueError(f"a row of {len(row)} meets {inner} rows")
        total = [0.0] * width
        for factor, other in zip(row, b):
            total = [x + factor * y for x, y in zip(total, other)]
        product.append(total)
    return product
