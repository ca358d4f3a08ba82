"""What a contract is: how rows become a request, and a response becomes predictions.

Nothing is sent here. Each contract is a module of `contracts/`; the folder is the registry.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from gradus.core.errors import UsageError
from gradus.core.names import did_you_mean
from gradus.core.service import ContractTerms
from gradus.prover.exchange import Request, Response
from gradus.sandbox.printing import printable

Row = Mapping[str, Any]
JSON = "application/json"
DEEPEST = 32
"""Levels of lists and objects in one prediction."""


class BrokenContract(Exception):
    """A response is not what the contract asks for; the text says what it is instead."""


@dataclass(frozen=True, slots=True)
class Contract:
    """One way in which predictions are asked for over HTTP."""

    name: str
    """What stands in `gradus.toml`."""
    title: str
    """What a person reads."""
    source: str
    """The specification."""
    encode: Callable[[ContractTerms, Sequence[Row], str], Request]
    """Rows and an identifier of the request to a request."""
    decode: Callable[[ContractTerms, Response, int], list[Any]]
    """A 2xx response to one prediction a row; raises `BrokenContract`."""
    ready: Callable[[ContractTerms], Request]
    """What is asked until it answers 2xx."""
    environment: Callable[[ContractTerms, int], Mapping[str, str]] = field(default=lambda *_: {})
    """What the platform sets for a service on a port, as variables of its environment."""


def contract_names() -> tuple[str, ...]:
    """Return the names of all contracts."""
    folder = Path(__file__).parent / "contracts"
    stems = (path.stem for path in sorted(folder.glob("*.py")) if path.stem != "__init__")
    return tuple(stem.replace("_", "-") for stem in stems)


def find_contract(name: str) -> Contract:
    """Return a contract by its name; raises UsageError with the nearest one."""
    known = contract_names()
    if name not in known:
        hint = did_you_mean(name, known)
        raise UsageError(f"There is no contract '{name}'.{hint} Known are {', '.join(known)}.")
    module = import_module(f"gradus.prover.contracts.{name.replace('-', '_')}")
    contract: Contract = module.CONTRACT
    return contract


def post(path: str, value: Any, headers: Mapping[str, str] | None = None) -> Request:
    """Return a request with a JSON body."""
    body = json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
    return Request("POST", path, body, {"Content-Type": JSON, "Accept": JSON, **(headers or {})})


def as_json(response: Response) -> Any:
    """Return the JSON of a response; raises BrokenContract for anything else, NaN included."""
    kind = response.headers.get("content-type", "")
    if kind and "json" not in kind:
        raise BrokenContract(f"the answer is {kind.split(';')[0]}, not JSON: {shown(response)}")
    try:
        return json.loads(response.body, parse_constant=_refuse)
    except (ValueError, RecursionError) as fault:
        raise BrokenContract(f"the answer is no JSON ({fault}): {shown(response)}") from None


def member(value: Any, name: str) -> Any:
    """Return a member of a JSON object; raises BrokenContract if there is none."""
    if not isinstance(value, dict) or name not in value:
        raise BrokenContract(f"the answer has no '{name}': {_cut(json.dumps(value))}")
    return value[name]


def at_way(body: bytes, way: str) -> Any:
    """Return what stands at a way such as `model.version` in a JSON body, or None.

    No way is the whole body.
    """
    try:
        value = json.loads(body)
        for name in filter(None, way.split(".")):
            value = value[name]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return value


def named_in(response: Response, name: str) -> Any:
    """Return the text of a header, or else what stands at a way in the JSON body, or None."""
    header = response.headers.get(name.lower())
    return at_way(response.body, name) if header is None else header.strip()


def one_each(value: Any, n_rows: int) -> list[Any]:
    """Return a list with one prediction a row; raises BrokenContract for another length."""
    if not isinstance(value, list):
        raise BrokenContract(f"the predictions are no list: {_cut(json.dumps(value))}")
    if len(value) != n_rows:
        raise BrokenContract(f"{len(value)} predictions for {n_rows} rows")
    return value


def plain(value: Any, levels: int = DEEPEST) -> Any:
    """Return a prediction, at any depth of numbers that a float can hold.

    Raises BrokenContract for anything else: it could be neither compared nor measured.
    """
    if isinstance(value, int | float):
        try:
            finite = math.isfinite(value)
        except OverflowError:
            finite = False
        if not finite:
            raise BrokenContract("a prediction is not finite")
    elif isinstance(value, list | dict):
        if not levels:
            raise BrokenContract(f"a prediction has more than {DEEPEST} levels")
        for each in value.values() if isinstance(value, dict) else value:
            plain(each, levels - 1)
    return value


def values(terms: ContractTerms, row: Row) -> list[Any]:
    """Return a row's values in the order of the columns."""
    return [row[name] for name in terms.columns or tuple(row)]


def shown(response: Response) -> str:
    """Return the beginning of a body, for a sentence."""
    return _cut(printable(response.body[:200].decode("utf-8", "backslashreplace")))


def _cut(text: str, length: int = 120) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not in JSON")
