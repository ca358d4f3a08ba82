"""The proof `gate`."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradus.core.verdict import Finding
from gradus.prover.bench import Bench
from gradus.prover.claims import Claim
from gradus.prover.contract import Row
from gradus.prover.copies import on_a_copy
from gradus.prover.labelled import Labelled, declared_labels, features, labelled_of
from gradus.prover.lines import as_lines
from gradus.prover.proof import proof
from gradus.prover.sent import Sent
from gradus.prover.service import Service
from gradus.prover.versions import (
    answers,
    named,
    only_these_answers,
    probes,
    promote,
    put_into_service,
    train,
    try_to_train,
    watched,
)

Lines = list[dict[str, Any]]
QUICKLY = 3
"""How many kinds of bad labels are tried in a quick run."""
STAYS = 1.0
"""Seconds for which the old version is watched after a refusal."""


@dataclass(frozen=True, slots=True)
class Bad:
    """Labels from which no good model can come."""

    name: str
    """What is wrong with them, in one word."""
    what: str
    """What is wrong with them, for a sentence."""
    spoil: Callable[[Lines, str, Sequence[str], np.random.Generator], str]
    """Returns the file's text; gets the lines, the label's field, the features, and chance."""


@dataclass(frozen=True, slots=True)
class Before:
    """What the service was before anything bad was tried."""

    version: str
    """The version that it named."""
    rows: Sequence[Row]
    """What it was asked."""
    answers: Sequence[Any]
    """What it answered."""


@proof(place=120, needs=("start", "labels", "version", "retrain", "promote"))
async def gate(bench: Bench) -> None:
    """Bad models are refused while the old version goes on answering; a good one is let in."""
    labelled = labelled_of(bench).shuffled(bench.rng)
    bench = await on_a_copy(bench)
    labelled.must_be()
    rows = probes(bench)
    async with bench.service() as service:
        before = Before(await service.version(), rows, await answers(service, rows))
        for bad in BAD[: QUICKLY if bench.quick else None]:
            with bench.claim(f"What was trained on {bad.what} is refused.") as claim:
                finding, sent = await _attempt(bench, service, bad, labelled, rows)
                if finding is not None:
                    claim.found(finding.call, finding.returned, finding.expected, finding.note)
            with bench.claim(f"After {bad.what}, the old version goes on answering.") as claim:
                await _goes_on(claim, service, before, sent)
            if not claim.holds:
                return  # from here on another version answers
        version = await train(bench, "good", labelled)
        now = await put_into_service(bench, service, version)
        with bench.claim("A good version is let in.") as claim:
            if now == before.version:
                claim.found("the version in service", f"'{now}'", "another one")


async def _attempt(
    bench: Bench, service: Service, bad: Bad, labelled: Labelled, rows: Sequence[Row]
) -> tuple[Finding | None, list[Sent]]:
    """Train on bad labels and promote what came of it; return what was not refused, if so."""
    label = declared_labels(bench.declaration).label
    lines = [dict(each) for each in labelled.full]
    named_features = features(bench.declaration, labelled.rows)
    path = bench.folder / f"{bad.name}.jsonl"
    path.write_text(bad.spoil(lines, label, named_features, bench.rng), encoding="utf-8")
    async with watched(bench, service, rows) as watch:
        ran = await try_to_train(bench, path)
        version = named(ran)
        if version:
            ran = await promote(bench, version)
            if not bench.quick:
                await asyncio.sleep(STAYS)
    if not ran.went_well:
        return None, watch.all
    return Finding(ran.command, "exit code 0", "another exit code: a refusal"), watch.all


async def _goes_on(claim: Claim, service: Service, before: Before, sent: Sequence[Sent]) -> None:
    now = await service.version()
    if now != before.version:
        claim.found("the version in service", f"'{now}'", f"'{before.version}'")
    only_these_answers(claim, sent, before.rows, before.answers)
    again = await answers(service, before.rows)
    for row, one, other in zip(before.rows, again, before.answers, strict=True):
        if one != other:
            claim.found(json.dumps(dict(row)), repr(one), f"{other!r}, bit for bit")


def _shuffled(lines: Lines, label: str, _: Sequence[str], rng: np.random.Generator) -> str:
    """Truths of other rows: nothing can be learnt."""
    truth = [lines[int(i)][label] for i in rng.permutation(len(lines))]
    return _text([{**line, label: each} for line, each in zip(lines, truth, strict=True)])


def _stuck(lines: Lines, _: str, named: Sequence[str], rng: np.random.Generator) -> str:
    """Every feature of every row is that of one row, as from a stuck sensor."""
    one = lines[int(rng.integers(len(lines)))]
    return _text([{**line, **{name: one[name] for name in named}} for line in lines])


def _alike(lines: Lines, label: str, _: Sequence[str], rng: np.random.Generator) -> str:
    """One truth for all."""
    truth = lines[int(rng.integers(len(lines)))][label]
    return _text([{**line, label: truth} for line in lines])


def _few(lines: Lines, *_: Any) -> str:
    """Too few rows to learn from."""
    return _text(lines[:6])


def _torn(lines: Lines, *_: Any) -> str:
    """The file ends within a line."""
    text = _text(lines)
    return text[: int(len(text) * 0.6)].rstrip("}\n")


def _text(lines: Lines) -> str:
    return "".join(as_lines(lines))


BAD = (
    Bad("shuffled", "labels of other rows", _shuffled),
    Bad("stuck", "features that never change", _stuck),
    Bad("torn", "a file that ends within a line", _torn),
    Bad("alike", "one label for all rows", _alike),
    Bad("few", "six rows", _few),
)
