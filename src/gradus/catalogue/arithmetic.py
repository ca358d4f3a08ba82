"""Arithmetic over named numbers, read from text without running any code.

Known: `+ - * / // % **`, brackets, the functions below and `pi`.
"""

import ast
import math
import operator
import warnings
from collections.abc import Callable, Mapping
from typing import Any

LONGEST = 300
MOST_BITS = 4096

FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "sqrt": math.sqrt,
    "log": math.log,
    "log2": math.log2,
    "exp": math.exp,
    "min": min,
    "max": max,
    "round": round,
    "abs": abs,
    "floor": math.floor,
    "ceil": math.ceil,
}
CONSTANTS: Mapping[str, float] = {"pi": math.pi}
_OPERATORS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


class ArithmeticFault(ValueError):
    """The text is no arithmetic over the names that it may use, or has no finite value."""


def evaluate(text: str, names: Mapping[str, float]) -> float:
    """Return the value of an arithmetic text; raises `ArithmeticFault` with a sentence."""
    try:
        value = _value(_parse(text), {**CONSTANTS, **names})
    except ZeroDivisionError:
        raise ArithmeticFault(f"'{text}' divides by zero for {_said(names)}.") from None
    except (ValueError, OverflowError, TypeError) as error:
        if isinstance(error, ArithmeticFault):
            raise
        raise ArithmeticFault(f"'{text}' has no value for {_said(names)}: {error}.") from None
    if isinstance(value, complex) or not math.isfinite(value):
        raise ArithmeticFault(f"'{text}' has no finite value for {_said(names)}.")
    return float(value)


def names_used(text: str) -> frozenset[str]:
    """Return the names of numbers in an arithmetic text; raises `ArithmeticFault`."""
    tree = _parse(text)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return frozenset(names - set(FUNCTIONS) - set(CONSTANTS))


def _parse(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise ArithmeticFault(f"The arithmetic is longer than {LONGEST} characters.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ArithmeticFault(f"'{text}' is no arithmetic.") from None


def _value(node: ast.expr, names: Mapping[str, float]) -> Any:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return number
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.Name(id=name):
            raise ArithmeticFault(f"The arithmetic uses '{name}', which is no parameter.")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, names)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value(operand, names)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(_value(left, names), _value(right, names))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left, names), _value(right, names))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS:
            return FUNCTIONS[name](*(_value(each, names) for each in args))
    raise ArithmeticFault(f"'{ast.unparse(node)}' is more than arithmetic.")


def _power(base: Any, exponent: Any) -> Any:
    """Raise to a power without ever building a huge whole number."""
    whole = isinstance(base, int) and isinstance(exponent, int) and exponent >= 0
    if whole and base.bit_length() * exponent <= MOST_BITS:
        return base**exponent
    return float(base) ** float(exponent)


def _said(names: Mapping[str, float]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in names.items()) or "no parameters"
