"""Malformed requests of many families, made from a valid one; nothing is sent here."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradus.prover.exchange import Request

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Malformed:
    """One request that no contract asks for."""

    family: str
    """Such as `not JSON`."""
    what: str
    """What is wrong with it, in a few words."""
    request: Request
    """What is sent."""
    must_refuse: bool = False
    """Whether only 4xx is a right answer; where it is false, a service may be lenient."""
    may_end: bool = False
    """Whether a service may also close the connection, or wait for the rest."""


Family = Callable[[Request, np.random.Generator], Iterator[Malformed]]


def malformed_requests(valid: Request, rng: np.random.Generator, n: int) -> list[Malformed]:
    """Return `n` malformed requests in a drawn order, each family in turn."""
    pools = [list(family(valid, rng)) for family in FAMILIES]
    for pool in pools:
        rng.shuffle(pool)
    chosen: list[Malformed] = []
    turn = 0
    while len(chosen) < n:
        for pool in pools:
            chosen.append(pool[turn % len(pool)])
        turn += 1
    chosen = chosen[:n]
    rng.shuffle(chosen)
    return chosen


def _not_json(valid: Request, rng: np.random.Generator) -> Iterator[Malformed]:
    body = valid.body
    cut = [int(each) for each in rng.integers(1, max(2, len(body) - 1), 12)]
    bodies = {
        "an empty body": b"",
        "a lone brace": b"{",
        "a word": b"hello",
        "HTML": b"<html><body>rows</body></html>",
        "XML with an entity": b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e "x">]><r>&e;</r>',
        "form fields": b"amount=1&hour=2",
        "bytes that are no UTF-8": b'{"rows": "\xff\xfe"}',
        "zeros": bytes(64),
        "single quotes": body.replace(b'"', b"'"),
        "a comma too many": body[:-1] + b",}",
        "two values": body + body,
        "a comment": b"// rows\n" + body,
        "a closing brace too many": body + b"}",
        "gzip without saying so": bytes.fromhex("1f8b08000000000000ff") + body,
        **{f"cut after {n} bytes": body[:n] for n in cut},
    }
    for what, each in bodies.items():
        yield Malformed("not JSON", what, _with(valid, each), must_refuse=True)


def _another_value(valid: Request, rng: np.random.Generator) -> Iterator[Malformed]:
    values: dict[str, Any] = {
        "null": None,
        "a number": 7,
        "true": True,
        "a text": "rows",
        "an empty text": "",
        "nested lists": [[[[]]]],
        "a list of null": [None],
        "another object": {"unknown": 1},
    }
    for what, each in values.items():
        yield Malformed("another value", what, _with(valid, json.dumps(each).encode()))


def _leaves(valid: Request, rng: np.random.Generator) -> Iterator[Malformed]:
    """One value inside of the body is replaced by one of another kind."""
    value = json.loads(valid.body)
    ways = list(_ways(value))
    odd: dict[str, Any] = {
        "null": None,
        "a text": "abc",
        "an empty text": "",
        "a list": [1],
        "an empty list": [],
        "an object": {"a": 1},
        "true": True,
        "a huge number": 10**400,
        "a number beyond floats": _Literal("1e999"),
        "a long text": "x" * 100_000,
        "NaN": _Literal("NaN"),
        "Infinity": _Literal("-Infinity"),
        "a lone surrogate": "\ud800",
        "a zero byte": "a\0b",
        "SQL": "'; DROP TABLE rows; --",
        "a path": "../../../../etc/passwd",
        "a template": "{{7*7}}${7*7}",
        "minus zero": -0.0,
        "the smallest float": 5e-324,
        "2**63": 2**63,
        "many digits": _Literal("0." + "1" * 5000),
    }
    for what, each in odd.items():
        for way in [ways[int(n)] for n in rng.integers(0, len(ways), 4)]:
            changed = _dumped(_replaced(value, way, each))
            where = ".".join(map(str, way)) or "the body"
            yield Malformed("another kind of value", f"{where} is {what}", _with(valid, changed))


def _fields(valid: Request, rng: np.random.Generator) -> Iterator[Malformed]:
    """A field is left out, named otherwise, doubled, or one too many is there."""
    value = json.loads(valid.body)
    for way in _ways(value):
        if not way or not isinstance(way[-1], str):
            continue
        where = ".".join(map(str, way))
        without = _replaced(value, way, _GONE)
        yield Malformed("fields", f"without {where}", _with(valid, _dumped(without)))
        renamed = _renamed(value, way, way[-1].upper() + " ")
        yield Malformed("fields", f"{where} named otherwise", _with(valid, _dumped(renamed)))
    text = valid.body.decode()
    if text.startswith("{") and len(text) > 2:
        doubled = "{" + text[1:-1] + "," + text[1:]
        yield Malformed("fields", "every field twice", _with(valid, doubled.encode()))
        extra = "{" + ",".join(f'"k{n}":{n}' for n in range(5000)) + "," + text[1:]
        yield Malformed("fields", "5,000 fields too many", _with(valid, extra.encode()))


def _shapes(valid: Request, rng: np.random.Generator) -> Iterator[Malformed]:
    for depth in (50, 1000, 20_000, 100_000):
        for opened, closed in (("[", "]"), ('{"a":', "}")):
            inner = "1" if opened != "[" else ""
            body = (opened * depth + inner + closed * depth).encode()
            yield Malformed("shape", f"{depth} levels of {opened}", _with(valid, body))
    yield Malformed("shape", "200,000 numbers", _with(valid, b"[" + b"1," * 199_999 + b"1]"))
    yield Malformed("shape", "a megabyte of spaces", _with(valid, b" " * 2**20))
    yield Malformed("shape", "a number of 100,000 digits", _with(valid, b"9" * 100_000))


def _http(valid: Request, rng: np.random.Generator) -> Iterator[Malformed]:
    """Proper HTTP that is not what the contract says."""
    for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO", "post"):
        yield Malformed("HTTP", f"method {method}", _with(valid, valid.body, method=method))
    for path in ("/", "/nothing", "/../../etc/passwd", "/%00", "/%ff%fe", "/" + "a" * 4000):
        yield Malformed("HTTP", f"path {path[:20]}", _with(valid, valid.body, path=path))
    query = valid.path + "?" + "a=1&" * 1000
    yield Malformed("HTTP", "a long query", _with(valid, valid.body, path=query))
    kinds = (
        "text/plain",
        "application/xml",
        "multipart/form-data",
        "image/png; x=\x7f",
        "json",
        "",
    )
    for kind in kinds:
        changed = _with(valid, valid.body, headers={"Content-Type": kind})
        yield Malformed("HTTP", f"content type {kind or 'empty'}", changed)
    for name, field in (
        ("Accept", "image/png"),
        ("Content-Encoding", "gzip"),
        ("Content-Encoding", "no-such-coding"),
        ("X-Request-ID", "x" * 5000),
        ("Authorization", "Bearer ..."),
        ("Cookie", "=;;=;" * 50),
    ):
        changed = _with(valid, valid.body, headers={name: field})
        yield Malformed("HTTP", f"{name}: {field[:20]}", changed)


def _no_http(valid: Request, rng: np.random.Generator) -> Iterator[Malformed]:
    """What is not HTTP at all, or not whole; a service may just close the connection."""
    head = f"POST {valid.path} HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\n".encode()
    odd = {
        "a TLS greeting": bytes.fromhex("16030100c8010000c403") + rng.bytes(190),
        "random bytes": rng.bytes(300),
        "another protocol": b"SSH-2.0-OpenSSH_9.0\r\n",
        "a length that is a word": head + b"Content-Length: many\r\n\r\n" + valid.body,
        "a length below zero": head + b"Content-Length: -5\r\n\r\n" + valid.body,
        "two lengths": head + b"Content-Length: 3\r\nContent-Length: 9\r\n\r\n" + valid.body,
        "no length": head + b"\r\n" + valid.body,
        "a chunk without a size": head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        "half a body": head + b"Content-Length: 5000\r\n\r\n" + valid.body,
        "half a head": head[: len(head) // 2],
        "a header without an end": head + b"X: " + b"y" * 70_000,
        "HTTP/9.9": f"POST {valid.path} HTTP/9.9\r\nHost: x\r\n\r\n".encode(),
        "only line ends": b"\r\n" * 50,
    }
    for what, raw in odd.items():
        request = Request(valid.method, valid.path, valid.body, valid.headers, raw, alone=True)
        yield Malformed("not HTTP", what, request, may_end=True)


FAMILIES: tuple[Family, ...] = (
    _not_json, _another_value, _leaves, _fields, _shapes, _http, _no_http,
)  # fmt: skip


class _Literal:
    """A text that stands in JSON as it is."""

    def __init__(self, text: str) -> None:
        self.text = text


_GONE = object()
Way = tuple[str | int, ...]


def _ways(value: Any, way: Way = ()) -> Iterator[Way]:
    """Yield the way to every value inside of a value."""
    yield way
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _ways(each, (*way, name))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from _ways(each, (*way, place))


def _replaced(value: Any, way: Way, new: Any) -> Any:
    if not way:
        return new
    first, rest = way[0], way[1:]
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    made = [(k, _replaced(each, rest, new) if k == first else each) for k, each in pairs]
    kept = [(k, each) for k, each in made if each is not _GONE]
    return dict(kept) if isinstance(value, dict) else [each for _, each in kept]


def _renamed(value: Any, way: Way, name: str) -> Any:
    if len(way) == 1 and isinstance(value, dict):
        return {name if k == way[0] else k: each for k, each in value.items()}
    first = way[0]
    if isinstance(value, dict):
        return {k: _renamed(e, way[1:], name) if k == first else e for k, e in value.items()}
    return [_renamed(e, way[1:], name) if n == first else e for n, e in enumerate(value)]


def _dumped(value: Any) -> bytes:
    """Return JSON, and what is none where a literal says so."""
    literals: list[str] = []

    def plain(each: Any) -> Any:
        if isinstance(each, _Literal):
            literals.append(each.text)
            return f"@@{len(literals) - 1}@@"
        if isinstance(each, dict):
            return {k: plain(v) for k, v in each.items()}
        return [plain(v) for v in each] if isinstance(each, list) else each

    text = json.dumps(plain(value))
    for number, literal in enumerate(literals):
        text = text.replace(f'"@@{number}@@"', literal)
    return text.encode()


def _with(
    valid: Request,
    body: bytes,
    *,
    method: str = "",
    path: str = "",
    headers: dict[str, str] | None = None,
) -> Request:
    fields = {**valid.headers, **(headers or {})}
    return Request(method or valid.method, path or valid.path, body, fields, alone=True)
