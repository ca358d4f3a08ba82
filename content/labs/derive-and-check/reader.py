"""Formulas that a learner wrote as text, read without running them; SymPy gets no text at all.

The text is parsed into Python's syntax tree, each node of which must be on a short list, and
the SymPy expression is built from the tree.
"""

import ast
import pathlib
from fractions import Fraction

import numpy as np
import sympy

FUNCTIONS = {
    "exp": sympy.exp,
    "log": sympy.log,
    "ln": sympy.log,
    "sqrt": sympy.sqrt,
    "sin": sympy.sin,
    "cos": sympy.cos,
    "tan": sympy.tan,
    "sinh": sympy.sinh,
    "cosh": sympy.cosh,
    "tanh": sympy.tanh,
    "sigmoid": lambda a: 1 / (1 + sympy.exp(-a)),
}
OPERATIONS = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}
# What SymPy's functions and constants mean at a point; its own table imports much of NumPy.
MEANINGS = {
    **{name: getattr(np, name) for name in FUNCTIONS if hasattr(np, name)},
    "pi": np.pi,
    "E": np.e,
    "I": 1j,
}
LONGEST, DEEPEST_POWER, LARGEST_POWER, LARGEST_NUMBER = 2_000, 3, 12, 1_000_000


def formula(text: str, names: list[str]) -> sympy.Expr:
    """Build the expression of a formula in `names`; ValueError says what is not understood."""
    if not text.strip():
        raise ValueError("There is no formula yet.")
    if len(text) > LONGEST:
        raise ValueError(f"It is longer than {LONGEST} characters.")
    try:
        tree = ast.parse(" ".join(text.replace("^", "**").split()), mode="eval")
        expression = built(tree.body, names, 0)
    except (SyntaxError, RecursionError, MemoryError):
        raise ValueError("It cannot be read: is each * written and each bracket closed?") from None
    if expression.has(sympy.zoo, sympy.nan, sympy.oo):
        raise ValueError("It divides by zero.")
    return expression


def built(node: ast.expr, names: list[str], powers: int) -> sympy.Expr:
    """Build the expression of one node; `powers` counts the powers around it."""
    if isinstance(node, ast.Constant):
        return number(node.value)
    if isinstance(node, ast.Name):
        if node.id == "pi":
            return sympy.pi
        if node.id not in names:
            raise ValueError(f"{node.id} is not among its names: {', '.join(names)}.")
        return sympy.Symbol(node.id, real=True)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd | ast.USub):
        inside = built(node.operand, names, powers)
        return -inside if isinstance(node.op, ast.USub) else inside
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        exponent = constant(node.right)
        if powers == DEEPEST_POWER:
            raise ValueError("There are too many powers inside each other.")
        return built(node.left, names, powers + 1) ** exponent
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        parts = (built(node.left, names, powers), built(node.right, names, powers))
        return OPERATIONS[type(node.op)](*parts)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id not in FUNCTIONS:
            raise ValueError(f"{node.func.id} is not among the functions {', '.join(FUNCTIONS)}.")
        if len(node.args) != 1 or node.keywords:
            raise ValueError(f"{node.func.id} takes one value.")
        return FUNCTIONS[node.func.id](built(node.args[0], names, powers))
    raise ValueError("Only + - * / **, numbers, names and functions are understood.")


def number(value: object) -> sympy.Expr:
    """Return a literal; decimals become fractions, so that nothing is rounded."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} is not a number.")
    if not abs(value) <= LARGEST_NUMBER:
        raise ValueError(f"No number here is larger than {LARGEST_NUMBER}.")
    return sympy.Integer(value) if isinstance(value, int) else sympy.Rational(repr(value))


def constant(node: ast.expr) -> sympy.Expr:
    """Return an exponent: a small number such as 2, -1, 0.5 or 1/2."""
    try:
        value = fraction(node)
    except (ZeroDivisionError, OverflowError):
        value = None
    if value is None or abs(value) > LARGEST_POWER or value.denominator > 100:
        raise ValueError(f"An exponent is a number of at most {LARGEST_POWER}; e**x is exp(x).")
    return sympy.Rational(value.numerator, value.denominator)


def fraction(node: ast.expr) -> Fraction | None:
    """Return the number that a node of numbers and + - * / stands for, or None."""
    if isinstance(node, ast.Constant):
        known = isinstance(node.value, int | float) and abs(node.value) <= LARGEST_NUMBER
        return Fraction(str(node.value)) if known and node.value is not True else None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inside = fraction(node.operand)
        return None if inside is None else -inside
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        left, right = fraction(node.left), fraction(node.right)
        if left is not None and right is not None:
            return OPERATIONS[type(node.op)](left, right)
    return None


def values(_folder: pathlib.Path, text: str, shorts: dict, points: dict) -> dict:
    """Return the learner's formula at each point, or what is not understood in it.

    `shorts` maps short names to the formulas that they stand for; `points` maps names to lists.
    """
    try:
        expression = formula(text, [*points, *shorts])
    except ValueError as error:
        return {"trouble": str(error), "values": []}
    return {"trouble": "", "values": at_points(expression, shorts, points)}


def derivative(
    _folder: pathlib.Path, text: str, name: str, shorts: dict, points: dict
) -> list[float]:
    """Return the derivative of a trusted formula by a name at each point, by SymPy."""
    whole = expanded(formula(text, [*points, *shorts]), shorts, list(points))
    return at_points(sympy.diff(whole, sympy.Symbol(name, real=True)), {}, points)


def expanded(expression: sympy.Expr, shorts: dict, names: list[str]) -> sympy.Expr:
    """Put in what each short name stands for; a later one may use an earlier one."""
    known: list[str] = []
    meaning = {}
    for short, text in shorts.items():
        inside = formula(text, [*names, *known]).subs(meaning)
        meaning[sympy.Symbol(short, real=True)] = inside
        known.append(short)
    return expression.subs(meaning)


def at_points(expression: sympy.Expr, shorts: dict, points: dict) -> list[float]:
    """Return the values at each point; NaN where there is none."""
    names = list(points)
    whole = expanded(expression, shorts, names)
    function = sympy.lambdify([sympy.Symbol(n, real=True) for n in names], whole, [MEANINGS])
    columns = [np.asarray(points[n], dtype=complex) for n in names]
    with np.errstate(all="ignore"):
        result = np.broadcast_to(np.asarray(function(*columns), dtype=complex), columns[0].shape)
    real = np.where(np.abs(result.imag) < 1e-9, result.real, np.nan)
    return [float(each) for each in real]
