"""Requests that schemathesis derives from the OpenAPI document of a service.

The tool meets a stand-in that is content with everything, and never the service: what it would send
is read from its report. Nothing is sent or judged here.
"""

import asyncio
import base64
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gradus.prover import commands, incoming
from gradus.prover.exchange import Request
from gradus.prover.malformed import Malformed
from gradus.sandbox.quiet import TELEMETRY_OFF

ENVIRONMENT = "schema"
"""The environment that holds schemathesis."""
FAMILY = "derived"
LONGEST = 120.0
"""Seconds after which the tool is ended; what its report holds by then counts."""
SAID = 160
"""Characters of its words that a sentence repeats."""
DOCUMENT, REPORT = "openapi.json", "report.ndjson"
_CONTENT = b"\r\n".join(
    [b"HTTP/1.1 200 OK", b"Content-Type: application/json", b"Content-Length: 2",
     b"Connection: close", b"", b"{}"]
)  # fmt: skip
_AROUND = {**TELEMETRY_OFF, "NO_PROXY": "*", "no_proxy": "*"}

Valid = Callable[[], Request]
"""Returns a valid request, with a fresh identifier each time."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """What came of it."""

    requests: tuple[Malformed, ...]
    """Every request once, in the order in which they were derived."""
    fault: str = ""
    """Why there are none or not all, in the tool's words; empty where nothing is missing."""


async def derive(
    python: Path, document: bytes, valid: Valid, folder: Path, *, seed: int, most: int
) -> Derivation:
    """Return the requests that the tool derives for the method and the path of valid ones.

    `folder` is empty and gets the tool's files; `most` bounds the requests of its last phase.
    """
    (folder / DOCUMENT).write_bytes(document)
    (folder / "schemathesis.toml").touch()  # or it would look for one in every folder above
    async with _content_with_everything() as address:
        words = _words(python, address, urlsplit(valid().path).path, seed, most)
        log = folder / "said.log"
        ran = await commands.run(words, folder, {}, log, environment=_AROUND, limit=LONGEST)
    events = list(_events(folder / REPORT))
    fault = next(_faults(events), "")
    if ran.exit_code is None:
        fault = f"it did not end within {LONGEST:g} s"
    elif not events:
        fault = (ran.said.splitlines() or [f"exit code {ran.exit_code}"])[-1]
    return Derivation(tuple(_requests(events, valid)), fault[:SAID])


def _words(python: Path, address: str, path: str, seed: int, most: int) -> list[str]:
    """Return the command; without a store of its own it derives the same from the same seed."""
    return [
        *(str(python), "-I", "-X", "utf8", "-m", "schemathesis.cli", "run", DOCUMENT),
        *("--url", address, "--include-path", path, "--checks", "not_a_server_error"),
        *("--phases", "examples,coverage,fuzzing", "--suppress-health-check", "all"),
        *("--seed", str(seed), "--max-examples", str(most), "--generation-database", "none"),
        *("--request-timeout", "10", "--output-sanitize", "false", "--warnings", "off"),
        *("--no-color", "--report-ndjson-path", REPORT),
    ]


@contextlib.asynccontextmanager
async def _content_with_everything() -> AsyncIterator[str]:
    """Answer 200 and an empty object, whatever comes; yield the address."""

    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await incoming.answer(reader, writer, _CONTENT)

    server = await asyncio.start_server(met, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def _events(report: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each event with its name; a line that is torn, as by the tool's end, is left out."""
    if not report.is_file():
        return
    for line in report.read_text(encoding="utf-8", errors="replace").split("\n"):
        with contextlib.suppress(ValueError):
            value = json.loads(line)
            if isinstance(value, dict):
                yield from ((k, each) for k, each in value.items() if isinstance(each, dict))


def _faults(events: list[tuple[str, Mapping[str, Any]]]) -> Iterator[str]:
    """Yield the first line of what the tool could not read."""
    for name, event in events:
        if name in ("FatalError", "NonFatalError"):
            said = _at(event, "exception", "message") or _at(event, "value", "message")
            yield next(iter(str(said or name).splitlines()), name)


def _requests(events: list[tuple[str, Mapping[str, Any]]], valid: Valid) -> Iterator[Malformed]:
    """Yield what was sent with the method and to the path of a valid request, each once."""
    known = set()
    for name, event in events:
        if name != "ScenarioFinished":
            continue
        cases = _at(event, "recorder", "cases") or {}
        for case, interaction in (_at(event, "recorder", "interactions") or {}).items():
            ours = valid()
            request = _request(_at(interaction, "request") or {}, ours)
            key = request and (request.path, request.body, tuple(sorted(request.headers.items())))
            if request is not None and key not in known:
                known.add(key)
                meta = _at(cases, case, "value", "meta")
                about_head = _at(meta, "phase", "data", "parameter_location") == "header"
                named = _with_our_head(request, ours, about_head=about_head)
                yield Malformed(FAMILY, _what(meta), named)


def _request(sent: Mapping[str, Any], valid: Request) -> Request | None:
    """Return a request as a client would send it; None for one that is not to be met."""
    address = urlsplit(str(sent.get("uri", "")))
    path = address.path + (f"?{address.query}" if address.query else "")
    headers = {str(k): str(v[0]) for k, v in (sent.get("headers") or {}).items() if v}
    body = base64.b64decode(_at(sent, "body", "$base64") or "")
    if sent.get("method") != valid.method or address.path != urlsplit(valid.path).path:
        return None
    text = "".join([path, *headers, *headers.values()])
    sendable = text.isprintable() and all(ord(each) < 256 for each in text)
    return Request(valid.method, path, body, headers, alone=True) if sendable else None


def _with_our_head(request: Request, ours: Request, *, about_head: bool) -> Request:
    """Return it with the fields that every request of ours has, a fresh identifier among them.

    Of a field that both have, the derived value is sent only where the request is about its head:
    a service that knows an identifier already would look at nothing else.
    """
    derived = {name.lower(): name for name in request.headers}
    headers = dict(request.headers)
    for name, value in ours.headers.items():
        theirs = derived.get(name.lower())
        if name.lower() == "content-type" or (theirs and about_head):
            continue
        headers.pop(theirs or name, None)
        headers[name] = value
    return replace(request, headers=headers)


def _what(meta: Any) -> str:
    """Say whether the document allows a request, and otherwise what it does not allow."""
    if _at(meta, "generation", "mode") == "positive":
        return "as the document allows"
    said = str(_at(meta, "phase", "data", "description") or "").strip().partition("\n")[0]
    return f"against the document ({said.removeprefix('- ')})" if said else "against the document"


def _at(value: Any, *way: str) -> Any:
    """Return what stands at a way of names, or None."""
    for name in way:
        value = value.get(name) if isinstance(value, dict) else None
    return value
