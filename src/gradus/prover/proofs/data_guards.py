"""The proof `data-guards`."""

import contextlib
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from gradus.core.service import Guards
from gradus.prover.alerts import Listener
from gradus.prover.bench import Bench
from gradus.prover.bounds import share_at_most
from gradus.prover.claims import InvalidRun
from gradus.prover.contract import Row, post
from gradus.prover.copies import on_a_copy
from gradus.prover.corruptions import Corrupted, corrupted
from gradus.prover.exchange import Exchange, Request
from gradus.prover.invented import like
from gradus.prover.labelled import features, predictions_of
from gradus.prover.leaks import content_of, holds, now, written_since
from gradus.prover.proof import proof
from gradus.prover.sent import in_turn
from gradus.prover.service import Service, what_came

PLANTED = 12
"""Rows with planted personal values, in each of the ways in which they are sent."""
SHOWN = 100
"""Characters of an answer that a finding shows."""


@dataclass
class Planting:
    """Personal values that were planted, and what came back."""

    values: list[str] = field(default_factory=list)
    """Every planted value, as a text."""
    answers: list[tuple[str, Exchange]] = field(default_factory=list)
    """What was sent, in a few words, and what came of it."""


@proof(place=80, needs=("start", "guards"))
async def data_guards(bench: Bench) -> None:
    """Corrupted rows are refused, what is banned moves nothing, what is personal leaks nowhere."""
    own = await on_a_copy(bench)
    guards = own.declaration.guards
    assert guards is not None
    temporary = own.folder / "temporary"
    temporary.mkdir()
    environment = {name: str(temporary) for name in ("TMPDIR", "TEMP", "TMP")}
    began = now()
    planting = Planting()
    async with _maybe_listening(own) as listener:
        environment |= listener.environment if listener else {}
        async with own.service(environment) as service:
            if listener:
                await listener.attend(service.target)
            await _corrupted_are_refused(own, service, guards)
            for name in guards.banned:
                await _banned_moves_nothing(own, service, name)
            if guards.personal:
                planting = await _plant(own, service, guards)
        alerts = [each.text for each in listener.heard] if listener else []
    if guards.personal:
        _leaks_nowhere(own, planting, alerts, content_of(service.log), began)


@contextlib.asynccontextmanager
async def _maybe_listening(bench: Bench) -> AsyncIterator[Listener | None]:
    if bench.declaration.alerts is None:
        yield None
        return
    async with bench.listening() as listener:
        yield listener


async def _corrupted_are_refused(bench: Bench, service: Service, guards: Guards) -> None:
    named = features(bench.declaration, bench.rows)
    wrong: list[Corrupted] = []
    requests: list[Request] = []
    for each in corrupted(bench.rows, named, guards.unbounded, bench.rng):
        with contextlib.suppress(KeyError, TypeError, ValueError):  # the contract cannot say it
            requests.append(service.request([each.row]))
            wrong.append(each)
    bench.moment(f"{len(wrong)} corrupted rows are sent")
    exchanges = await in_turn(service, requests)
    with bench.claim(f"Each of {len(wrong)} corrupted rows is refused with a code 4xx.") as claim:
        for case, exchange in zip(wrong, exchanges, strict=True):
            if not 400 <= exchange.response.code < 500:
                claim.found(case.what, what_came(exchange), "a code 4xx")
    with bench.claim("Valid rows are predicted after them.") as claim:
        (after,) = await in_turn(service, [service.request([bench.rows[0]])])
        if not after.good:
            claim.found(json.dumps(dict(bench.rows[0])), what_came(after), "2xx")


async def _banned_moves_nothing(bench: Bench, service: Service, name: str) -> None:
    """Ask for the same rows with every value that the banned field takes."""
    values = list({json.dumps(row[name]): row[name] for row in bench.rows}.values())
    if len(values) < 2:
        raise InvalidRun(f"All valid rows have the same '{name}', so nothing shows what it moves.")
    n_rows = min(80 if bench.quick else 400, len(bench.rows))
    rows = [bench.rows[int(i)] for i in bench.rng.permutation(len(bench.rows))[:n_rows]]
    n_values = min(len(values), 5)
    drawn = [values[int(i)] for i in bench.rng.permutation(len(values))[:n_values]]
    answers: list[list[Any]] = []
    for value in drawn:
        changed: list[Row] = [{**row, name: value} for row in rows]
        answers.append(await predictions_of(service, changed, at_once=1, under_way=1))
    moved = 0
    with bench.claim(f"'{name}' moves no prediction.") as claim:
        for number, row in enumerate(rows):
            said = [each[number] for each in answers]
            if any(each != said[0] for each in said):
                moved += 1
                told = ", ".join(f"{v!r}: {a!r}" for v, a in zip(drawn, said, strict=True))
                claim.found(json.dumps(dict(row)), told, "the same, bit for bit")
        bound = share_at_most(moved, len(rows))
        claim.figure("rows whose prediction it moves", bound, "share", confidence=0.99)


async def _plant(bench: Bench, service: Service, guards: Guards) -> Planting:
    """Send rows with fresh personal values: valid ones, corrupted ones, and torn requests."""
    planting = Planting()
    named = features(bench.declaration, bench.rows)
    sent: list[tuple[str, Request]] = []
    for row in _planted_rows(bench, guards, planting):
        sent.append(("a valid row", service.request([row])))
    for row in _planted_rows(bench, guards, planting):
        name = named[int(bench.rng.integers(len(named)))]
        with contextlib.suppress(KeyError, TypeError, ValueError):
            request = service.request([{**row, name: {"not": "this"}}])
            sent.append((f"a row whose '{name}' is an object", request))
    for row in _planted_rows(bench, guards, planting):
        path = service.request([row]).path
        sent.append(("a body of another shape", post(path, {"wrong": [dict(row)]})))
    bench.moment(f"{len(sent)} requests with planted personal values are sent")
    exchanges = await in_turn(service, [request for _, request in sent])
    planting.answers = [(what, e) for (what, _), e in zip(sent, exchanges, strict=True)]
    return planting


def _planted_rows(bench: Bench, guards: Guards, planting: Planting) -> list[Row]:
    rows: list[Row] = []
    for _ in range(PLANTED):
        row = dict(bench.rows[int(bench.rng.integers(len(bench.rows)))])
        for name in guards.personal:
            row[name] = like(row[name], bench.rng)
            planting.values.append(str(row[name]))
        rows.append(row)
    return rows


def _leaks_nowhere(
    bench: Bench, planting: Planting, alerts: Sequence[str], printed: bytes, began: float
) -> None:
    values = planting.values
    with bench.claim("What is personal comes back in no response.") as claim:
        for what, exchange in planting.answers:
            response = exchange.response
            told = response.body + json.dumps(dict(response.headers)).encode()
            if leaked := holds(told, values):
                body = response.body.decode("utf-8", "replace")[:SHOWN]
                claim.found(what, f"{response.code}: {body}", f"nothing of '{leaked}'")
    with bench.claim("It stands in nothing that the service prints or writes.") as claim:
        if leaked := holds(printed, values):
            claim.found("what it printed", f"'{leaked}'", "nothing personal")
        for folder in (bench.declaration.folder, bench.folder / "temporary"):
            for path in written_since(folder, began):
                name = str(path.relative_to(folder))
                try:
                    content = content_of(path)
                except FileNotFoundError:
                    continue  # a journal, say, that is gone by now
                except OSError as fault:
                    claim.found(name, fault.strerror or str(fault), "a file that can be read")
                    continue
                if leaked := holds(content, values):
                    claim.found(name, f"'{leaked}', plain or encoded", "nothing personal")
    if bench.declaration.alerts is not None:
        with bench.claim("It stands in no alert.") as claim:
            for text in alerts:
                if leaked := holds(text.encode(), values):
                    claim.found(text[:SHOWN], f"'{leaked}'", "nothing personal")
