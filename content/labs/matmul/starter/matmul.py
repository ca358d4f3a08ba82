"""The product of two matrices, written with loops."""

# 1. By hand, before any code. Replace each None; the lesson says what goes where.
#
#        A = [[1,  2, 0],        B = [[2,  1],        u = [[1, 2, 3]]        v = [[4],
#             [3, -1, 4]]             [0,  5],                                    [5],
#                                     [1, -2]]                                    [6]]
predictions = {
    "shape_of_ab": None,  # (rows, columns)
    "shape_of_ba": None,  # (rows, columns)
    "shape_of_uv": None,  # (rows, columns)
    "shape_of_vu": None,  # (rows, columns)
    "aa_exists": None,  # True or False
    "ab_1_0": None,  # a number
}


# 2. Now the code.
def matmul(a: list[list[float]], b: list[list[float]]) -> list[list[float]]:
    """Return the matrix product of `a` (n by k) and `b` (k by m), a new list of n rows.

    Raises ValueError if `a` does not have as many columns as `b` has rows,
    or if the rows of `a` or of `b` differ in length.
    """
    return []
