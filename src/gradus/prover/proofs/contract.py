"""The proof `contract`."""

import json

import numpy as np

from gradus.core.service import Quoted
from gradus.prover.asking import (
    Asked,
    Right,
    ask_rows,
    find_wrong,
    refuse_explained,
    row_shown,
    shown,
)
from gradus.prover.bench import Bench
from gradus.prover.claims import Claim
from gradus.prover.commands import same
from gradus.prover.contract import BrokenContract, as_json
from gradus.prover.exchange import Request
from gradus.prover.labelled import predictions_of
from gradus.prover.proof import proof
from gradus.prover.service import Service, what_came

MOST_ROWS = 400
"""Rows that are asked for one by one, drawn where there are more."""
AT_ONCE = 16
"""Requests that are under way together, so that answers which cross are seen."""
LARGEST_GROUP = 16
AS_QUOTED = 0.01
"""How far a prediction may be from the one that the project quotes: it may have two decimals."""
MOST_UNLIKE = 0.02
"""Share of the quoted rows that may be further away: a rounded reading crosses a threshold."""


@proof(place=20, core=True)
async def contract(bench: Bench) -> None:
    """Every valid row is answered as the contract says, and as the offline batch predicts it."""
    right = await Right.of(bench)
    async with bench.service() as service:
        places = bench.rng.permutation(len(bench.rows))[:MOST_ROWS].tolist()
        gap = max(0.1, AT_ONCE / bench.declaration.promises.rate)
        together = np.arange(len(places)) // AT_ONCE * gap
        async with service.watch() as watch:
            asked = await ask_rows(bench, service, together, right, places=places)
        bench.moment(f"{len(places)} valid rows, {AT_ONCE} at a time")
        bench.keep_traffic("rows", asked.traffic)
        if right.is_offline:
            said = "Every valid row is answered, equal to the offline batch."
        else:
            said = "Every valid row is answered, and the same row always with the same prediction."
        with bench.claim(said) as claim:
            claim.figure("rows", len(places), "")
            refuse_explained(asked.traffic.exchanges, asked.traffic.began_at, watch)
            find_wrong(claim, bench, asked, right)
            if not right.is_offline:
                pace = max(0.01, 1 / bench.declaration.promises.rate)
                async with service.watch() as watch:
                    again = await ask_rows(bench, service, np.arange(len(places)) * pace, right)
                refuse_explained(again.traffic.exchanges, again.traffic.began_at, watch)
                find_wrong(claim, bench, again, right)
        if bench.declaration.contract.echo:
            with bench.claim("Every answer repeats the identifier of its request.") as claim:
                _find_strange(claim, bench, asked)
        if not bench.declaration.contract.single:
            with bench.claim("A row's prediction does not depend on the rows beside it.") as claim:
                await _find_mixed(claim, bench, service, right)
        if bench.quoted is not None:
            with bench.claim(
                "The service predicts what the project itself says of the same rows."
            ) as claim:
                await _find_unlike(claim, bench, service, bench.quoted)
        if bench.declaration.contract.openapi:
            with bench.claim("The OpenAPI document describes the path of predictions.") as claim:
                await _find_undescribed(claim, bench, service)


def _find_strange(claim: Claim, bench: Bench, asked: Asked) -> None:
    name = bench.declaration.contract.echo
    for each in asked.sent:
        if each.is_acknowledged:
            echoed = "" if each.echoed is None else str(each.echoed)
            if echoed != each.identifier:
                told = f"{name}: {echoed or 'nothing'}"
                claim.found(row_shown(bench, each.row), told, each.identifier)


async def _find_mixed(claim: Claim, bench: Bench, service: Service, right: Right) -> None:
    """Ask for groups of drawn rows, each row beside others and in another place."""
    for _ in range(10 if bench.quick else 40):
        size = int(bench.rng.integers(2, LARGEST_GROUP + 1))
        places = [int(each) for each in bench.rng.integers(0, len(bench.rows), size)]
        exchange = await service.ask(service.request([bench.rows[each] for each in places]))
        call = f"{size} rows in one request"
        if not exchange.good:
            claim.found(call, what_came(exchange), "a prediction for each")
            continue
        try:
            predictions = service.predictions(exchange, size)
        except BrokenContract as fault:
            claim.found(call, str(fault), "a prediction for each")
            continue
        for number, (place, prediction) in enumerate(zip(places, predictions, strict=True), 1):
            expected = right.expected(place)
            if expected is not None and not same(prediction, expected):
                said = f"row {number} of {size}: {row_shown(bench, place)}"
                claim.found(said, json.dumps(prediction), json.dumps(expected))


async def _find_unlike(claim: Claim, bench: Bench, service: Service, quoted: Quoted) -> None:
    """Ask for the rows whose predictions a project quotes, drawn where there are many."""
    if quoted.fault:
        claim.found("what the project says of its predictions", quoted.fault, "rows to compare")
        return
    places = bench.rng.permutation(len(quoted.rows))[:MOST_ROWS].tolist()
    predicted = await predictions_of(service, [quoted.rows[i] for i in places])
    unlike = []
    for place, one in zip(places, predicted, strict=True):
        value = one[-1] if isinstance(one, list) and one else one
        if not same(value, quoted.predictions[place], AS_QUOTED):
            unlike.append((place, value))
    claim.figure("rows that it quotes", len(places), "")
    if len(unlike) > MOST_UNLIKE * len(places):
        why = "Training read such a row otherwise, or another model was measured."
        for place, value in unlike:
            said = f"{quoted.predictions[place]:.4g}, as the project says"
            claim.found(shown(quoted.rows[place]), shown(value), said, why)


async def _find_undescribed(claim: Claim, bench: Bench, service: Service) -> None:
    """Look for the path and the method of predictions in the document that is served."""
    document = bench.declaration.contract.openapi
    asked = service.request([bench.rows[0]])
    exchange = await service.ask(Request("GET", document))
    call = f"GET {document}"
    if not exchange.good:
        claim.found(call, what_came(exchange), "the OpenAPI document")
        return
    try:
        value = as_json(exchange.response)
    except BrokenContract as fault:
        claim.found(call, str(fault), "the OpenAPI document")
        return
    paths = value.get("paths", {}) if isinstance(value, dict) else {}
    entry = paths.get(asked.path, {}) if isinstance(paths, dict) else {}
    if not isinstance(entry, dict) or asked.method.lower() not in entry:
        known = ", ".join(paths) if isinstance(paths, dict) and paths else "no path"
        claim.found(call, f"it describes {known}", f"{asked.method} {asked.path}")
