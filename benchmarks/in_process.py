"""A lab's claims in one process with the learner's code, as an ordinary test suite has them.

This is the peer that the judge is measured against: no isolation, no trust line. It runs in
the lab's environment with `gradus.check` importable and nothing else of Gradus.
"""

import importlib.util
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from gradus.check import Answer, Claim, Stub
from gradus.check.far import Outcome, Raised
from gradus.core.values import Handle, Tensor
from gradus.judge.examples import CHEAP

LEAST_EXAMPLES = int(os.environ.get("BENCH_EXAMPLES", "25"))
"""What a claim draws at the least here; one that draws few, since each takes long, keeps to it."""


class InProcess:
    """The far side without a far side: objects are called where they are."""

    def __init__(self) -> None:
        self.doing = ""
        self.calls: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = []
        self._objects: list[Any] = []
        self._arguments: dict[int, tuple[list[Any], dict[str, Any]]] = {}

    def keep(self, value: Any) -> Outcome:
        self._objects.append(value)
        return Outcome(len(self._objects) - 1, plain(value))

    def _try(self, act: Any) -> Outcome:
        try:
            return self.keep(act())
        except Exception as error:
            return Outcome(
                raised=Raised(tuple(c.__name__ for c in type(error).__mro__), str(error))
            )

    def get(self, ref: int, name: str) -> Outcome:
        return self._try(lambda: getattr(self._objects[ref], name))

    def set(self, ref: int, name: str, value: Any) -> Outcome:
        return self._try(lambda: setattr(self._objects[ref], name, self._given(value)))

    def item(self, ref: int, key: Any) -> Outcome:
        return self._try(lambda: self._objects[ref][key])

    def call(self, ref: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Outcome:
        given = [self._given(each) for each in args]
        named = {key: self._given(each) for key, each in kwargs.items()}
        self.calls.append((self._objects[ref], tuple(given), named))
        outcome = self._try(lambda: self._objects[ref](*given, **named))
        self._arguments[outcome.ref or 0] = (given, named)
        return outcome

    def begin(self, ref: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Outcome:
        return self.call(ref, args, kwargs)

    def iterate(self, ref: int) -> Outcome:
        return self._try(lambda: iter(self._objects[ref]))

    def next(self, ref: int) -> Outcome:
        return self._try(lambda: next(self._objects[ref]))

    def put(self, value: Any) -> Outcome:
        return self.keep(self._given(value))

    def fetch(self, ref: int) -> Outcome:
        return Outcome(ref, plain(self._objects[ref]))

    def arguments(self, ref: int) -> tuple[list[Any], dict[str, Any]]:
        args, kwargs = self._arguments[ref]
        return [plain(each) for each in args], {key: plain(each) for key, each in kwargs.items()}

    def _given(self, value: Any) -> Any:
        if isinstance(value, Answer):
            ref = value._ref_on(self)
            return value.as_value() if ref is None else self._objects[ref]
        if isinstance(value, Tensor):
            import torch

            made = torch.from_numpy(np.array(value.array)).to(getattr(torch, value.dtype))
            return made.requires_grad_(value.requires_grad)
        if isinstance(value, np.ndarray):
            return value.copy()
        if isinstance(value, list | tuple):
            return type(value)(self._given(each) for each in value)
        if isinstance(value, dict):
            return {key: self._given(each) for key, each in value.items()}
        if isinstance(value, Stub):
            return lambda *args: self._given(value.function(*map(plain, args)))
        return value


def plain(value: Any) -> Any:
    """Return a value as the judge would see it."""
    if isinstance(value, bool | int | float | complex | str | bytes | np.generic | None):
        return value
    if isinstance(value, np.ndarray):
        return value if value.dtype.kind != "O" else Handle(0, "ndarray", "")
    if isinstance(value, list | tuple):
        return type(value)(plain(each) for each in value)
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if type(value).__module__.startswith("torch") and hasattr(value, "detach"):
        dtype = str(value.dtype).removeprefix("torch.")
        return Tensor(value.detach().numpy(), dtype, value.requires_grad)
    return Handle(0, type(value).__name__, type(value).__name__)


def load(path: Path) -> Any:
    """Run a Python file as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def claims_of(check: Path) -> list[Claim]:
    """Return the claims of a `check.py`, as they are measured."""
    return [measured(each) for each in vars(load(check)).values() if isinstance(each, Claim)]


def measured(claim: Claim) -> Claim:
    """Return a claim with as many examples as are measured, where it draws any cheaply."""
    if not claim.inputs or claim.examples < CHEAP:
        return claim
    return replace(claim, examples=max(LEAST_EXAMPLES, claim.examples))


def work_of(far: InProcess, solution: Path, function: str) -> Answer:
    """Return what was handed in; `function` is empty where it is a module."""
    module = load(solution)
    made = far.keep(getattr(module, function) if function else module)
    return Answer(function, made, far)


def seconds_of(calls: list[tuple[Any, tuple[Any, ...], dict[str, Any]]]) -> float:
    """Return the processor seconds of the learner's functions alone on recorded calls."""
    begin = time.process_time()
    for function, args, kwargs in calls:
        try:
            function(*args, **kwargs)
        except Exception:
            continue
    return time.process_time() - begin


def simple(claim: Claim) -> bool:
    """Return whether a claim needs nothing but draws and hidden randomness."""
    return set(claim.given) <= {"rng"}


def run_once(claim: Claim, work: Answer, values: dict[str, Any]) -> None:
    """Run one example of a claim."""
    given = {"rng": np.random.default_rng(0)} if "rng" in claim.given else {}
    claim.test(work, **values, **given)
