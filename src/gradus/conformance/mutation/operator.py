"""What an operator is: a function that sees one place of a text and says how it could be wrong."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from gradus.conformance.mutation.edit import Edit

Make = Callable[[Any, Any], Iterable[Edit]]
"""Gets the source and one of its places: a node of Python, a token of SQL, a value of TOML."""

_OPERATORS: dict[str, "Operator"] = {}


@dataclass(frozen=True, slots=True)
class Operator:
    """One kind of small mistake."""

    name: str
    """Stable name, such as `dropped-factor`."""
    language: str
    """`python`, `sql` or `answers`."""
    make: Make
    """The function that makes the changes."""

    @property
    def meaning(self) -> str:
        """What it changes, in one sentence."""
        return (self.make.__doc__ or "").strip().splitlines()[0]


def operator(language: str) -> Callable[[Make], Make]:
    """Declare the decorated function as an operator for a language."""

    def declare(make: Make) -> Make:
        name = make.__name__.strip("_").replace("_", "-")
        if name in _OPERATORS:
            raise ValueError(f"the operator {name} is declared twice")
        _OPERATORS[name] = Operator(name, language, make)
        return make

    return declare


def operators_of(language: str | None = None) -> list[Operator]:
    """Return every operator of a language, or of all, in the order of the modules."""
    package = importlib.import_module("gradus.conformance.mutation.operators")
    for module in sorted(each.name for each in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"{package.__name__}.{module}")
    found = sorted(_OPERATORS.values(), key=lambda each: each.make.__module__)
    return [each for each in found if language in (None, each.language)]
