"""The proof `garbage`."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from gradus.prover import derived, patience
from gradus.prover.asking import Asked, Right, as_asked, ask_rows, find_wrong, refuse_explained
from gradus.prover.bench import Bench
from gradus.prover.claims import Claim
from gradus.prover.contract import BrokenContract, as_json
from gradus.prover.exchange import Exchange, Outcome, Request
from gradus.prover.malformed import Malformed, malformed_requests
from gradus.prover.proof import proof
from gradus.prover.sent import Sent, understood
from gradus.prover.service import Service, what_came
from gradus.prover.traffic import Traffic

COUNT, QUICK_COUNT = 300, 105
DERIVED, QUICK_DERIVED = 300, 100
"""Derived requests that are met at the most, drawn where there are more."""
EXAMPLES, QUICK_EXAMPLES = 150, 50
"""Requests that the tool draws, besides those at the document's bounds."""
EVERY = 3
"""After so many malformed requests comes a valid one."""
RATE, QUICK_RATE = 40.0, 100.0
"""Requests a second, and never more than the owner promised: nothing here is about speed."""
MOST_ROWS = 400
"""Rows whose answers are learnt, where there is no offline batch."""
NOT_SUPPORTED = (501, 505)
"""5xx codes that say no more than that a method or a version of HTTP is not supported."""


NOT_INSTALLED = (
    "No request was derived from {}, because schemathesis is not installed: `gradus install {}`."
)

SHOWN, DERIVED_SHOWN = 60, 120
"""Bytes of a body that a finding shows."""
Pair = tuple[Malformed, Exchange]


@proof(place=30, core=True)
async def garbage(bench: Bench) -> None:
    """About 300 malformed requests bring no 5xx and no hang, and valid ones stay right.

    Malformed are JSON that is cut or none, values of other kinds, fields that are missing or too
    many, deep and large bodies, other methods, paths and content types, and what is not HTTP.
    Where an OpenAPI document is declared, what schemathesis derives from it is sent too.
    """
    right = await Right.of(bench)
    async with bench.service() as service:
        (own,) = bench.rng.spawn(1)  # whether the tool is installed changes no other draw
        from_document = await _derived(bench, service, own)
        if not right.is_offline:  # what is right is learnt from the first answers
            pace = max(0.01, 1 / bench.declaration.promises.rate)
            n = min(len(bench.rows), MOST_ROWS)
            await ask_rows(bench, service, np.arange(n) * pace, right)
        valid = service.request([bench.rows[0]])
        count = QUICK_COUNT if bench.quick else COUNT
        sent = malformed_requests(valid, bench.rng, count)
        bench.moment(f"{len(sent)} malformed requests, valid ones between them")
        await _meet_malformed(bench, service, sent, right)
        if from_document:
            bench.moment(f"{len(from_document)} derived requests, valid ones between them")
            await _meet_derived(bench, service, from_document, right)
        with bench.claim("The service is still there afterwards.") as claim:
            _find_gone(claim, service)
            again = await ask_rows(bench, service, np.arange(10) * 0.05, right)
            find_wrong(claim, bench, again, right)


async def _derived(bench: Bench, service: Service, rng: np.random.Generator) -> list[Malformed]:
    """Return requests derived from the OpenAPI document, in a drawn order; note why there are none.

    That is no fault of the service: whether the document is right is the proof `contract`'s.
    """
    document = bench.declaration.contract.openapi
    if not document:
        return []
    if bench.schemathesis is None:
        bench.note(NOT_INSTALLED.format(document, derived.ENVIRONMENT))
        return []
    exchange = await service.ask(Request("GET", document))
    if not exchange.good:
        bench.note(f"No request was derived from {document}: it answered {what_came(exchange)}.")
        return []
    folder = bench.folder / "derived"
    folder.mkdir()
    found = await derived.derive(
        bench.schemathesis,
        exchange.response.body,
        partial(service.request, [bench.rows[0]]),
        folder,
        seed=int(rng.integers(2**31)),
        most=QUICK_EXAMPLES if bench.quick else EXAMPLES,
    )
    if found.fault or not found.requests:
        said = found.fault or "it describes no such path and method"
        n = len(found.requests)
        bench.note(f"schemathesis derived {n} requests from {document}: {said.rstrip('.')}.")
    order = rng.permutation(len(found.requests))[: QUICK_DERIVED if bench.quick else DERIVED]
    return [found.requests[int(each)] for each in order]


async def _meet_malformed(
    bench: Bench, service: Service, sent: list[Malformed], right: Right
) -> None:
    """Send malformed requests and look at what came of them, and of the valid ones between."""
    async with service.watch() as watch:
        traffic, between = await _send(bench, service, sent, right)
    bench.keep("malformed", _records(sent, traffic))
    pairs = _pairs(sent, traffic)
    with bench.claim("No malformed request is answered with 5xx.") as claim:
        _find_own_fault(claim, pairs)
    with bench.claim("No malformed request hangs.") as claim:
        whole = [e for each, e in pairs if not each.may_end]
        refuse_explained(whole, traffic.began_at, watch)
        _find_hanging(claim, pairs)
    with bench.claim("A body that is no JSON is refused with 4xx.") as claim:
        _find_accepted(claim, pairs)
    with bench.claim("What is answered with 2xx is JSON, without NaN.") as claim:
        _find_no_json(claim, pairs)
    with bench.claim("The valid rows between them are answered right.") as claim:
        refuse_explained(between.traffic.exchanges, between.traffic.began_at, watch)
        claim.figure("valid rows between", len(between.wrong), "")
        find_wrong(claim, bench, between, right)


async def _meet_derived(
    bench: Bench, service: Service, sent: list[Malformed], right: Right
) -> None:
    """Send derived requests; of several that break a claim the shortest is shown."""
    async with service.watch() as watch:
        traffic, between = await _send(bench, service, sent, right)
    bench.keep("derived", _derived_records(sent, traffic))
    pairs = sorted(_pairs(sent, traffic), key=_how_telling)
    document = bench.declaration.contract.openapi
    with bench.claim(f"No request derived from {document} is answered with 5xx.") as claim:
        claim.figure("derived requests", len(pairs), "")
        _find_own_fault(claim, pairs)
    with bench.claim(f"No request derived from {document} hangs.") as claim:
        refuse_explained(traffic.exchanges, traffic.began_at, watch)
        _find_hanging(claim, pairs)
    with bench.claim("The valid rows between derived requests are answered right.") as claim:
        refuse_explained(between.traffic.exchanges, between.traffic.began_at, watch)
        claim.figure("valid rows between", len(between.wrong), "")
        find_wrong(claim, bench, between, right)


async def _send(
    bench: Bench, service: Service, sent: list[Malformed], right: Right
) -> tuple[Traffic, Asked]:
    """Send all of it, and valid rows between, on one schedule."""
    order: list[Malformed | int] = []
    for number, each in enumerate(sent):
        order.append(each)
        if number % EVERY == EVERY - 1:
            order.append(int(bench.rng.integers(0, len(bench.rows))))

    def request(number: int) -> Request:
        each = order[number]
        if isinstance(each, int):
            return service.request([bench.rows[each]])
        return each.request

    rate = min(QUICK_RATE if bench.quick else RATE, bench.declaration.promises.rate)
    starts = np.arange(len(order)) / rate
    traffic = await service.drive(starts, request, timeout=patience.HANGS_AFTER)
    pairs = list(zip(traffic.exchanges, order, strict=True))
    ours = tuple(e for e, each in pairs if isinstance(each, Malformed))
    valid = [(e, each) for e, each in pairs if isinstance(each, int)]
    exchanges = tuple(e for e, _ in valid)
    parts = [Traffic(each, traffic.began_at, 0.0, traffic.seconds) for each in (ours, exchanges)]
    sent_rows = [understood(service, Sent("", 0, each)) for each in exchanges]
    return parts[0], as_asked(parts[1], sent_rows, [place for _, place in valid], right)


def _find_own_fault(claim: Claim, pairs: Sequence[Pair]) -> None:
    for each, exchange in pairs:
        code = exchange.response.code
        if code >= 500 and code not in NOT_SUPPORTED:
            claim.found(_told(each), what_came(exchange), *_wanted(each, "4xx"))


def _find_hanging(claim: Claim, pairs: Sequence[Pair]) -> None:
    for each, exchange in pairs:
        never = exchange.outcome in (Outcome.TIMED_OUT, Outcome.TOO_LARGE)
        lost = exchange.outcome in (Outcome.REFUSED, Outcome.MALFORMED, Outcome.CLOSED)
        if (never or lost) and not each.may_end:
            claim.found(_told(each), what_came(exchange), *_wanted(each, "an answer"))
        elif exchange.outcome is Outcome.REFUSED:
            claim.found(_told(each), what_came(exchange), "a connection")


def _find_accepted(claim: Claim, pairs: Sequence[Pair]) -> None:
    for each, exchange in pairs:
        if each.must_refuse and exchange.good:
            claim.found(_told(each), what_came(exchange), "4xx")


def _find_no_json(claim: Claim, pairs: Sequence[Pair]) -> None:
    for each, exchange in pairs:
        posted = each.request.method == "POST" and exchange.response.code == 200
        if posted and each.family in ("another value", "another kind of value", "fields"):
            try:
                as_json(exchange.response)
            except BrokenContract as fault:
                claim.found(_told(each), str(fault), "JSON, or 4xx")


def _find_gone(claim: Claim, service: Service) -> None:
    if service.is_ours and not service.process.running:
        code = service.process.exit_code
        claim.found("the process", f"it ended with exit code {code}", "that it runs")


def _how_telling(pair: Pair) -> tuple[bool, int]:
    """Put short requests first, and those last that found nobody who could have answered."""
    return pair[1].outcome is Outcome.REFUSED, len(pair[0].request.body)


def _pairs(sent: list[Malformed], traffic: Traffic) -> list[Pair]:
    return list(zip(sent, traffic.exchanges, strict=True))


def _told(each: Malformed) -> str:
    """Return a request as a finding shows it; a derived one is shown longer, and with its path."""
    is_derived = each.family == derived.FAMILY
    body = each.request.raw or each.request.body
    text = body[: DERIVED_SHOWN if is_derived else SHOWN].decode("utf-8", "replace")
    if is_derived:
        return f"{each.request.method} {each.request.path} {text} ({each.family}, {each.what})"
    return f"{each.family}, {each.what}: {json.dumps(text, ensure_ascii=False)}"


def _wanted(each: Malformed, expected: str) -> tuple[str, str]:
    """Return what was expected, and for a derived request where it stands whole."""
    if each.family != derived.FAMILY:
        return expected, ""
    return "2xx or 4xx", "The whole request stands in garbage/derived.jsonl of the raw logs."


def _records(sent: list[Malformed], traffic: Traffic) -> Iterator[Mapping[str, Any]]:
    for each, exchange in _pairs(sent, traffic):
        yield {
            "family": each.family,
            "what": each.what,
            "outcome": str(exchange.outcome),
            "code": exchange.response.code,
            "seconds": round(exchange.latency, 4),
        }


def _derived_records(sent: list[Malformed], traffic: Traffic) -> Iterator[Mapping[str, Any]]:
    """Yield what is kept of derived requests: all that is needed to send them again."""
    for each, kept in zip(sent, _records(sent, traffic), strict=True):
        request = each.request
        yield {
            **kept,
            "method": request.method,
            "path": request.path,
            "headers": dict(request.headers),
            "base64": base64.b64encode(request.body).decode(),
        }
