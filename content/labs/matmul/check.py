"""A matrix product from three loops, and what the learner said about it beforehand."""

import numpy as np

from gradus.check import claim, draw, put

WHOLE = {"between": (-9, 9), "dtype": int}


def rows_of(array):
    """The array as the learner gets it: a list of rows."""
    return array.tolist()


def matrices(n, m):
    """Draws of an n by m matrix, whole numbers or not."""
    whole = draw.arrays(shape=(n, m), **WHOLE)
    decimal = draw.arrays(shape=(n, m), between=(-5.0, 5.0))
    return draw.one_of(whole, decimal).map(rows_of)


@draw.composite
def fitting(pick):
    """A pair whose inner sides agree."""
    n, k, m = (pick(draw.integers(1, 4)) for _ in range(3))
    return pick(matrices(n, k)), pick(matrices(k, m))


@draw.composite
def vectors(pick):
    """A row and a column of the same length."""
    k = pick(draw.integers(2, 5))
    return pick(matrices(1, k)), pick(matrices(k, 1))


@draw.composite
def not_fitting(pick):
    """A pair whose inner sides differ; often one that fits the other way round."""
    k, rows = pick(
        draw.tuples(draw.integers(1, 4), draw.integers(1, 4)).where(lambda pair: pair[0] != pair[1])
    )
    n = pick(draw.integers(1, 4))
    m = pick(draw.one_of(draw.just(n), draw.integers(1, 4)))
    return pick(matrices(n, k)), pick(matrices(rows, m))


def spoil(matrix, at, too_long):
    """The matrix with an entry too many in one row, or one too few."""
    row = [*matrix[at], 1] if too_long else matrix[at][:-1]
    return [*matrix[:at], row, *matrix[at + 1 :]]


@draw.composite
def uneven(pick):
    """A pair that would fit, had not a row of one an entry too many or too few."""
    n, k, m = (pick(draw.integers(2, 4)) for _ in range(3))
    a, b = pick(matrices(n, k)), pick(matrices(k, m))
    too_long = pick(draw.booleans())
    if pick(draw.booleans()):
        return spoil(a, pick(draw.integers(0, n - 1)), too_long), b
    return a, spoil(b, pick(draw.integers(0, k - 1)), too_long)


FITTING = fitting().edges(
    ([[2]], [[3]]),
    ([[1, 2]], [[3], [4]]),
    ([[1, 2], [3, 4]], [[0, 1], [1, 0]]),
    ([[1, 0, 2]], [[1, 2], [3, 4], [5, 6]]),
    ([[0.0001, 0.0002]], [[0.0001], [0.0003]]),
)
NOT_FITTING = not_fitting().edges(
    ([[1, 2, 3]], [[1], [2]]),
    ([[1, 2]], [[1], [2], [3]]),
    ([[1, 2, 3], [4, 5, 6]], [[1, 2]]),
    ([[1], [2]], [[1, 2], [3, 4]]),
    ([[1, 2, 3], [4, 5, 6]], [[1, 2], [3, 4]]),
    ([], [[1]]),
    ([[1]], []),
    ([[], []], [[1]]),
    ([], [[]]),
)
UNEVEN = uneven().edges(
    ([[1, 2], [3]], [[1], [2]]),
    ([[1, 2], [3, 4, 5]], [[1], [2]]),
    ([[1, 2]], [[1, 2], [3]]),
    ([[1, 2]], [[1, 2], [3, 4, 5]]),
    ([[1, 2], [3], [4, 5]], [[1], [2]]),
    ([[1, 2, 3]], [[1, 2], [3], [4, 5]]),
    ([[1, 2], [3], [4, 5, 6]], [[1], [2]]),
    ([[1, 2, 3]], [[1, 2], [3], [4, 5, 6]]),
    ([[], [1]], []),
    ([[1, 2]], [[], [1]]),
)
EMPTY_ROWS = draw.just(([[]], [])).edges(
    ([[], []], []), ([[1], [2]], [[]]), ([[1, 2], [3, 4], [5, 6]], [[], []])
)
REPEATED = draw.just(([], [])).edges(
    ([[2]], [[3]]), ([[1]], [[3]]), ([[3]], [[1]]), ([[]], []), ([], [])
)
NOTHING_TO_ADD = draw.choice(
    [
        ([], [], []),
        ([[]], [], [[]]),
        ([[], []], [], [[], []]),
        ([[1, 2, 3], [4, 5, 6]], [[], [], []], [[], []]),
        ([[1], [2], [3]], [[]], [[], [], []]),
    ]
)


def product(a, b):
    """The same product by NumPy, whose kernel shares nothing with anybody's loops."""
    return (np.array(a) @ np.array(b)).tolist()


def is_shape(rows, columns):
    """A test for the pair (rows, columns); only the pair itself passes."""
    return lambda value: len(value) == 2 and tuple(value) == (rows, columns)


@claim("You predicted the shapes of AB and BA.", catches=["predicts_ab_for_ba"])
def predicted_the_shapes(matmul, module):
    named = "have the rows of the left matrix, then the columns of the right one"
    module.predictions["shape_of_ab"].must_satisfy(named, is_shape(2, 2))
    module.predictions["shape_of_ba"].must_satisfy(named, is_shape(3, 3))


@claim(
    "You predicted what a row times a column gives, and a column times a row.",
    catches=["predicts_ab_for_ba"],
)
def predicted_the_vectors(matmul, module):
    named = "have the rows of the left vector, then the columns of the right one"
    module.predictions["shape_of_uv"].must_satisfy(named, is_shape(1, 1))
    module.predictions["shape_of_vu"].must_satisfy(named, is_shape(3, 3))


@claim("You knew whether A times A exists.", catches=["predicts_any_two_fit"])
def predicted_what_exists(matmul, module):
    module.predictions["aa_exists"].must_satisfy(
        "say (True or False) whether the columns of A agree with the rows of A",
        lambda value: value is False,
    )


@claim("You worked out one entry of AB by hand.", catches=["predicts_column_before_row"])
def worked_out_an_entry(matmul, module):
    module.predictions["ab_1_0"].must_satisfy(
        "be row 1 of A times column 0 of B, added up (rows and columns count from 0)",
        lambda value: not isinstance(value, bool) and value == 10,
    )


@claim(
    "Each entry is a row of a times a column of b.",
    pair=FITTING,
    catches=["elementwise_product", "wrong_inner_index", "row_alias"],
)
def agrees_with_the_definition(matmul, pair):
    a, b = pair
    matmul(a, b).must_be_close_to(product(a, b), rtol=1e-9, atol=1e-9)


@claim(
    "A row times a column is one number, a column times a row is a table.",
    pair=vectors(),
    catches=["elementwise_product", "wrong_inner_index", "row_alias"],
)
def vectors_are_matrices(matmul, pair):
    row, column = pair
    matmul(row, column).must_be_close_to(product(row, column), rtol=1e-9, atol=1e-9)
    matmul(column, row).must_be_close_to(product(column, row), rtol=1e-9, atol=1e-9)


@claim(
    "Where the inner sides differ there is no product: ValueError.",
    pair=NOT_FITTING,
    catches=[
        "broadcast_instead_of_error",
        "order_does_not_matter",
        "zip_cuts_short",
        "answers_empty_rows_at_once",
    ],
)
def refuses_sides_that_do_not_fit(matmul, pair):
    matmul(*pair).must_raise(ValueError).must_not_change_its_arguments()


@claim(
    "Rows of different lengths are no matrix: ValueError.",
    pair=UNEVEN,
    catches=["measures_the_first_row_only", "measures_the_ends", "zip_cuts_short"],
)
def refuses_uneven_rows(matmul, pair):
    matmul(*pair).must_raise(ValueError)


@claim(
    "Empty matrices have the product that their shapes say.",
    empty=NOTHING_TO_ADD,
    catches=["crashes_on_empty"],
)
def knows_empty_matrices(matmul, empty):
    a, b, expected = empty
    matmul(a, b).must_equal(expected)


@claim("The answer is a list of lists.", pair=FITTING, catches=["returns_tuples"])
def returns_a_list_of_lists(matmul, pair):
    matmul(*pair).must_satisfy(
        "be a list whose rows are lists",
        lambda rows: isinstance(rows, list) and all(isinstance(row, list) for row in rows),
    )


@claim(
    "Changing one row of the answer changes no other row, and neither of the two matrices.",
    catches=["row_alias", "returns_tuples", "hands_back_its_input", "hands_back_the_right_one"],
)
def rows_are_their_own(matmul):
    answer = matmul([[1], [1], [1]], [[5, 6]])
    answer[0].append(7)
    answer[1].must_be_close_to([5, 6])
    answer[2].must_be_close_to([5, 6])
    for one in ([[1, 0], [0, 1]], [[1]]):
        given = [[3] * len(one), [4] * len(one)]
        a = put(matmul, given)
        matmul(a, one)[0].append(7)
        a.now().must_equal(given)
        right = [[3, 4] for _ in one]
        b = put(matmul, right)
        matmul(one, b)[0].append(7)
        b.now().must_equal(right)


@claim(
    "Rows without entries are lists of their own as well.",
    pair=EMPTY_ROWS,
    examples=1,
    catches=["shares_its_empty_rows", "hands_back_its_input"],
)
def empty_rows_are_their_own(matmul, pair):
    kept = [put(matmul, each) for each in pair]
    answer = matmul(*kept)
    answer[0].append(7)
    answer.now().must_equal(
        [[7], *([] for _ in pair[0][1:])], because="A 7 was put into row 0 of the answer."
    )
    for given, before in zip(kept, pair, strict=True):
        given.now().must_equal(before, because="A 7 was put into row 0 of the answer.")


@claim(
    "Each call makes a new matrix: a row more in it changes neither a nor b, nor a later answer.",
    pair=REPEATED,
    examples=1,
    catches=["answers_from_memory", "hands_back_its_input", "hands_back_the_right_one"],
)
def answers_are_new(matmul, pair):
    a, b = pair
    kept = [put(matmul, each) for each in pair]
    first = matmul(*kept)
    first.append([7])
    for given, before in zip(kept, pair, strict=True):
        given.now().must_equal(before, because="The answer got a row [7] more.")
    again = matmul(*kept)
    expected = product(a, b) if b else [[] for _ in a]
    again.must_be_close_to(expected, because="The answer before this one got a row [7] more.")
    first.now().must_equal(
        [*expected, [7]], because="It got a row [7] more, then the same was asked again."
    )


@claim("Both matrices are left as they were.", pair=FITTING, catches=["changes_its_input"])
def leaves_its_input_alone(matmul, pair):
    matmul(*pair).must_not_change_its_arguments()
