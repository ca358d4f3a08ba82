"""A plane fitted three ways, the data that do not fix it, and what its numbers mean."""

import numpy as np

from gradus.check import claim, draw

# --- the oracle: centre, then the singular values that are not rounding ---------------------------


def least_squares(X, y, penalty=0.0):
    """The smallest coef that minimises the squared errors plus penalty * sum(coef ** 2)."""
    x_mean, y_mean = X.mean(axis=0), y.mean()
    left, sizes, right = np.linalg.svd(X - x_mean, full_matrices=False)
    real = sizes > 1e-9 * max(1.0, sizes.max(initial=0.0))
    inverse = np.where(real, sizes / np.where(real, sizes**2 + penalty, 1.0), 0.0)
    coef = right.T @ (inverse * (left.T @ (y - y_mean)))
    return y_mean - x_mean @ coef, coef


def descent(X, y, learning_rate, steps):
    """The same steps, written on one parameter vector with a column of ones."""
    columns = np.column_stack([np.ones(len(X)), X])
    theta = np.zeros(columns.shape[1])
    for _ in range(steps):
        theta = theta - learning_rate * (2 / len(y)) * (columns.T @ (columns @ theta - y))
    return theta[0], theta[1:]


def fixed_columns(X):
    """Column j is fixed when no direction that the data cannot see touches it."""
    _, sizes, right = np.linalg.svd(X - X.mean(axis=0), full_matrices=True)
    seen = int((sizes > 1e-9 * max(1.0, sizes.max(initial=0.0))).sum())
    return np.abs(right[seen:]).max(axis=0, initial=0.0) < 1e-9


def spread_is_tame(X):
    """The singular values are either rounding or within a factor of 50 of each other."""
    sizes = np.linalg.svd(X - X.mean(axis=0), compute_uv=False)
    real = sizes[sizes > 1e-9 * max(1.0, sizes.max(initial=0.0))]
    return real.size == 0 or real.max() / real.min() < 50


def curvatures(X):
    """The largest and smallest curvature of the mean squared error, flat directions left out."""
    columns = np.column_stack([np.ones(len(X)), X])
    found = np.linalg.eigvalsh(2 * columns.T @ columns / len(X))
    return found[-1], found[found > 1e-9 * found[-1]][0]


# --- what is drawn --------------------------------------------------------------------------------


def whole(*shape, size=5):
    """Floats that are whole numbers: the exact answer does not hang on rounding."""
    return draw.arrays(shape=shape, between=(-size, size), dtype=int).map(lambda a: a.astype(float))


@draw.composite
def points(pick):
    """x and y of one feature, with at least two different x."""
    n = pick(draw.integers(2, 6))
    x = pick(whole(n).where(lambda a: np.ptp(a) > 0))
    return x, pick(whole(n, size=9))


@draw.composite
def full_rank(pick):
    """X, y whose coefficients are all fixed by the data."""
    d = pick(draw.integers(1, 3))
    n = d + pick(draw.integers(2, 5))
    X = pick(whole(n, d).where(lambda a: fixed_columns(a).all() and spread_is_tame(a)))
    return X, pick(whole(n, size=9))


def hidden_partner():
    """The third column is the first plus the second plus 4."""
    X = np.array([[1.0, 2, 7], [2, 0, 6], [3, 1, 8], [0, 1, 5]])
    return X, np.array([3.0, 1.0, 4.0, 2.0])


def more_columns_than_rows():
    """Two rows, three columns."""
    return np.array([[1.0, 0.0, 2.0], [3.0, 1.0, 2.0]]), np.array([1.0, 5.0])


def one_row():
    """A single row fixes nothing but the intercept."""
    return np.array([[2.0, -1.0]]), np.array([3.0])


def constant_column():
    """A column that never moves, beside one that does."""
    return np.array([[4.0, 0.0], [4.0, 1.0], [4.0, 2.0]]), np.array([1.0, 2.0, 4.0])


def same_column_twice():
    """Two columns that are one."""
    return np.array([[1.0, 1.0], [2.0, 2.0], [4.0, 4.0]]), np.array([1.0, 2.0, 5.0])


def two_in_three():
    """Two columns that add up to 5, and a constant: a ridge of alpha 0 runs away on it."""
    first = np.array([5.0, 3, 7, -4, -4, 5, 0, 7])
    X = np.column_stack([first, 5 - first, np.ones(8)])
    return X, np.array([-5.0, 5, -9, 1, -2, 9, -6, 8])


def shifted_mixture():
    """Three columns that are one, in other units."""
    a, b = np.array([0.0, 0, 3, -3, 3, 1, 3, -4]), np.array([3.0, 3, 9, -3, 9, 5, 9, -5])
    X = np.column_stack([a, b, -2 * a - 5])
    return X, np.array([0.0, 2, 5, 8, -2, -1, 0, 9])


@draw.composite
def rank_deficient(pick):
    """X, y with columns that are mixtures of fewer: sums, copies, shifts, constants."""
    n, rank, d = pick(draw.choice([2, 4, 8])), pick(draw.integers(1, 2)), pick(draw.integers(3, 4))
    base, mix = pick(whole(n, rank, size=4)), pick(whole(rank, d, size=2))
    X = base @ mix + pick(whole(d, size=3))
    return X, pick(whole(n, size=9))


POINTS = points()
FULL = full_rank()
DEFICIENT = (
    rank_deficient()
    .where(lambda drawn: spread_is_tame(drawn[0]))
    .edges(
        same_column_twice(),
        hidden_partner(),
        constant_column(),
        more_columns_than_rows(),
        one_row(),
    )
)
WALKABLE = draw.one_of(FULL, DEFICIENT).where(lambda drawn: np.divide(*curvatures(drawn[0])) < 150)
PENALTY = draw.choice([0.5, 1.0, 2.0, 10.0])
FACTORS = draw.choice([0.001, 0.01, 0.1, 10.0, 60.0, 1000.0])

# --- step 1: a line -------------------------------------------------------------------------------


@claim(
    "fit_line gives the least-squares line.",
    examples=12,
    xy=POINTS.edges((np.array([0.0, 0.001, 0.002]), np.array([1.0, 3.0, 4.0]))),
    catches=["line_through_the_origin"],
)
def fits_a_line(work, xy):
    x, y = xy
    intercept, coef = least_squares(x[:, None], y)
    work.fit_line(x, y).must_be_close_to((intercept, coef[0]), rtol=1e-6, atol=1e-8)


@claim(
    "Where all x are equal, fit_line says slope 0 and the mean of y.",
    examples=5,
    n=draw.integers(1, 4),
    x=draw.integers(-3, 3),
    catches=["divides_by_no_spread"],
)
def a_vertical_cloud_has_slope_zero(work, n, x):
    y = np.arange(n, dtype=float) * 2 + 1
    work.fit_line(np.full(n, float(x)), y).must_be_close_to((y.mean(), 0.0), rtol=1e-6, atol=1e-8)


# --- step 2: three ways ---------------------------------------------------------------------------


@claim(
    "closed_form gives the least-squares plane, intercept and all.",
    examples=15,
    data=FULL,
    catches=["no_intercept"],
)
def closed_form_is_least_squares(work, data):
    X, y = data
    work.closed_form(X, y).must_be_close_to(least_squares(X, y), rtol=1e-6, atol=1e-7)


@claim(
    "Where columns repeat each other, closed_form gives the smallest of the best coefficients.",
    examples=15,
    data=DEFICIENT,
    catches=["inverse_of_singular", "shares_the_constant"],
)
def closed_form_survives_collinear_columns(work, data):
    X, y = data
    work.closed_form(X, y).must_be_close_to(least_squares(X, y), rtol=1e-6, atol=1e-7)


@claim(
    "The penalty draws the coefficients towards 0 as defined.",
    examples=15,
    data=draw.one_of(FULL, DEFICIENT),
    penalty=PENALTY,
    catches=["no_intercept", "penalty_on_the_mean"],
)
def closed_form_is_ridge(work, data, penalty):
    X, y = data
    expected = least_squares(X, y, penalty)
    work.closed_form(X, y, penalty).must_be_close_to(expected, rtol=1e-6, atol=1e-7)


@claim(
    "The intercept is never penalised: adding 1000 to every y adds 1000 to it and nothing else.",
    examples=10,
    data=FULL,
    penalty=PENALTY,
    catches=["penalised_intercept"],
)
def the_intercept_is_free(work, data, penalty):
    X, y = data
    intercept, coef = least_squares(X, y, penalty)
    answer = work.closed_form(X, y + 1000.0, penalty)
    answer.must_be_close_to((intercept + 1000.0, coef), rtol=1e-6, atol=1e-6)


@draw.composite
def unusable(pick):
    """X, y with a NaN or an infinity somewhere, too few y, or no rows."""
    X, y = pick(FULL)
    X, y = X.copy(), y.copy()
    fault = pick(draw.choice(["X", "y", "lengths", "rows"]))
    if fault == "X":
        X[-1, 0] = pick(draw.choice([np.nan, np.inf]))
    elif fault == "y":
        y[0] = pick(draw.choice([np.nan, -np.inf]))
    elif fault == "lengths":
        y = pick(draw.choice([y[:-1], np.append(y, 1.0)]))
    else:
        X, y = X[:0], y[:0]
    return X, y


def two_columns(place, value):
    """Three rows in which one number of X or y is no number to fit."""
    X, y = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 2.0]]), np.array([1.0, 2.0, 3.0])
    (X[:, 1] if place == "X" else y)[2] = value
    return X, y


UNUSABLE = unusable().edges(
    *(two_columns(place, value) for value in (np.nan, np.inf) for place in ("X", "y")),
    (np.array([[1.0], [2.0], [4.0]]), np.array([1.0, 2.0])),
    (np.array([[1.0], [2.0], [4.0]]), np.array([1.0, 2.0, 3.0, 4.0])),
)


@claim(
    "closed_form refuses a NaN, an infinity, unequal lengths and zero rows with ValueError.",
    examples=12,
    data=UNUSABLE,
    catches=["lets_nan_through", "lets_infinity_through"],
)
def closed_form_refuses_what_it_cannot_fit(work, data):
    X, y = data
    work.closed_form(X, y).must_raise(ValueError)


@claim(
    "gradient_descent takes the steps as defined, from zero.",
    examples=15,
    data=draw.one_of(FULL, DEFICIENT),
    learning_rate=draw.choice([0.01, 0.03, 0.05]),
    steps=draw.integers(0, 6),
    catches=["sums_the_gradient", "uses_the_new_intercept", "stops_when_it_is_flat"],
)
def descent_steps_are_exact(work, data, learning_rate, steps):
    X, y = data
    expected = descent(X, y, learning_rate, steps)
    answer = work.gradient_descent(X, y, learning_rate, steps)
    answer.must_be_close_to(expected, rtol=1e-6, atol=1e-8)
    answer = work.gradient_descent(X, y * 1e-9, learning_rate, steps)
    small = (expected[0] * 1e-9, expected[1] * 1e-9)
    answer.must_be_close_to(small, rtol=1e-6, atol=1e-17, because="This y holds billionths.")


@claim(
    "Enough steps bring gradient descent to the closed form's predictions, whatever the columns.",
    examples=4,
    data=WALKABLE,
    catches=["sums_the_gradient"],
)
def descent_arrives(work, data):
    X, y = data
    # Half of the stable bound 2 / steepest; the flattest direction then needs steepest / flattest
    # steps to come closer by a factor of e: twelve times as many make that 160,000.
    steepest, flattest = curvatures(X)
    steps = int(12 * steepest / flattest) + 20
    intercept, coef = least_squares(X, y)
    answer = work.gradient_descent(X, y, 1.0 / steepest, steps)
    says = f"predict within 0.01 of the closed form after {steps} steps"
    answer.must_satisfy(
        says,
        lambda got: np.allclose(
            float(got[0]) + X @ np.asarray(got[1]), intercept + X @ coef, rtol=0, atol=0.01
        ),
    )


@claim(
    "scikit-learn, set up to solve the same thing, says the same, with and without a penalty.",
    examples=12,
    data=draw.one_of(FULL, DEFICIENT).edges(two_in_three(), shifted_mixture()),
    penalty=draw.choice([0.0, 0.5, 2.0, 10.0]).edges(0.0, 0.0),
    catches=["penalty_on_the_mean", "no_intercept"],
)
def scikit_learn_agrees(work, data, penalty):
    X, y = data
    for each in sorted({0.0, penalty}):
        intercept, coef = least_squares(X, y, each)
        model = work.with_sklearn(X, y, each) if each else work.with_sklearn(X, y)
        model.intercept_.must_be_close_to(intercept, rtol=1e-6, atol=1e-6)
        model.coef_.must_be_close_to(coef, rtol=1e-6, atol=1e-6)
        model.predict(X[:2]).must_be_close_to(intercept + X[:2] @ coef, rtol=1e-6, atol=1e-6)


@claim(
    "The caller's X and y are left as they were.",
    examples=4,
    data=FULL,
    catches=["centres_in_place"],
)
def arguments_stay(work, data):
    X, y = data
    work.closed_form(X, y).must_not_change_its_arguments()
    work.closed_form(X, y, 1.0).must_not_change_its_arguments()
    work.gradient_descent(X, y, 0.01, 2).must_not_change_its_arguments()
    work.with_sklearn(X, y).must_not_change_its_arguments()
    work.rank_features(X, y).must_not_change_its_arguments()
    work.predict(X, y, X).must_not_change_its_arguments()


# --- step 3: reading it ---------------------------------------------------------------------------


@claim(
    "determined says which coefficients the data fix.",
    examples=12,
    data=draw.one_of(DEFICIENT, FULL),
    catches=["all_or_nothing"],
)
def knows_what_the_data_fix(work, data):
    X, _ = data
    work.determined(X).must_equal(fixed_columns(X))


@claim(
    "In other units the coefficients change so that the fit stays the same.",
    examples=10,
    data=FULL,
    factor=FACTORS,
    y_factor=draw.choice([1.0, 0.001, 1000.0]),
    catches=["units_upside_down", "converts_in_place"],
)
def units_carry_over(work, data, factor, y_factor):
    X, y = data
    factors = factor ** np.arange(X.shape[1], 0, -1.0)
    intercept, coef = least_squares(X, y)
    expected = (intercept * y_factor, coef * y_factor / factors)  # the same prediction, row by row
    answer = work.rescale(intercept, coef, factors, y_factor)
    answer.must_be_close_to(expected, rtol=1e-6, atol=1e-9)
    answer.must_not_change_its_arguments()


@draw.composite
def very_different_scales(pick):
    """X, y where the size of a coefficient says nothing about what its feature does."""
    d = pick(draw.integers(2, 3))
    rng = np.random.default_rng(pick(draw.integers(0, 10_000)))
    effects = np.array([1.0, 3.0, 9.0])[rng.permutation(3)[:d]] * rng.choice([-1, 1], d)
    scales = 10.0 ** rng.permutation(d)
    basis, _ = np.linalg.qr(np.column_stack([np.ones(5), rng.normal(size=(5, d))]))
    columns = basis[:, 1:] * np.sqrt(5)  # mean 0, standard deviation 1, at right angles
    X = np.round(columns * scales + scales, 1)
    return X, np.round(columns @ effects + 5, 1)


# Column 0 has the larger range and the larger numbers, column 1 the larger standard deviation.
ONE_WILD_ROW = np.column_stack([[12.0, 8, 10, 10, 10, 10, 10, 10], [1.5, -1.5] * 4])

# Column 1 goes along with column 0 and does next to nothing itself.
COMPANIONS = np.column_stack(
    [np.arange(8.0), np.arange(8.0) + [0.5, -0.5] * 4, [1.0, -1, -1, 1, 1, -1, -1, 1]]
)


@claim(
    "Features are ranked by what they do to the prediction, not by the size of the coefficient.",
    examples=10,
    data=very_different_scales().edges(
        (ONE_WILD_ROW, ONE_WILD_ROW.sum(axis=1)), (COMPANIONS, COMPANIONS @ [3.0, 0.1, 1.0])
    ),
    catches=["coefficient_is_importance", "ranks_by_the_range", "ranks_by_correlation"],
)
def ranks_by_effect(work, data):
    X, y = data
    _, coef = least_squares(X, y)
    order = np.argsort(-np.abs(coef) * X.std(axis=0), kind="stable")
    work.rank_features(X, y).must_equal(order)


FAR_APART = np.array([[100.0, 1.0], [101.0, 3.0], [102.0, 0.0], [103.0, 2.0]])


@claim(
    "Predictions are those of the fit, and rows outside what was seen are marked.",
    examples=10,
    data=FULL.edges((FAR_APART, np.array([1.0, 2.0, 4.0, 3.0]))),
    new=whole(1, 3, size=9),
    catches=["extrapolates_blindly", "one_range_for_all_columns"],
)
def marks_extrapolation(work, data, new):
    X, y = data
    ends = X.max(axis=0), X.min(axis=0), X.max(axis=0) + 0.5
    new = np.vstack([new[:, : X.shape[1]], *ends, X[0], X[0]])
    new[-2, 0] = X[:, 0].min() - 0.5
    new[-1, -1] = X[:, -1].max() + 0.5
    intercept, coef = least_squares(X, y)
    inside = ((new >= X.min(axis=0)) & (new <= X.max(axis=0))).all(axis=1)
    answer = work.predict(X, y, new)
    answer[0].must_be_close_to(intercept + new @ coef, rtol=1e-6, atol=1e-6)
    answer[1].must_equal(inside)


@claim(
    "The printed coefficients are read with their units and their scales.",
    catches=["coefficient_is_importance"],
)
def reads_the_printed_fit(work):
    ten = work.READING["ten_square_metres"]
    ten.must_satisfy(
        "be the expected difference in euros (mind the unit of the price)",
        lambda value: abs(float(value) - 24_000) < 1,
    )
    strongest = work.READING["strongest"]
    strongest.must_satisfy(
        "name the feature that moves the price most from one flat to the next",
        lambda value: value.strip().lower() == "area",
    )


@claim(
    "The printed fit is not asked about what its data cannot tell.",
    catches=["extrapolates_blindly"],
)
def knows_the_limits_of_the_printed_fit(work):
    for question, says in {
        "intercept": "be the letter of what 38 means here (is there such a flat?)",
        "villa": "be the letter of what the table says about it (look at its ranges)",
        "twin_columns": "be the letter of what remains known of two columns that carry one fact",
    }.items():
        work.READING[question].must_satisfy(says, lambda value: value.strip().lower() == "b")
