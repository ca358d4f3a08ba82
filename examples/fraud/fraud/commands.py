"""What an operator does: begin, retrain, promote, roll back, predict a batch.

Each returns what it did; refusing a worse model is an answer, no failure of the command.
"""

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from fraud import gate
from fraud.contract import lines_of, read_labelled, read_rows, row_of
from fraud.defects import planted
from fraud.events import FIRST_DAY, World, written
from fraud.features import MEMORY, pasts_of, table
from fraud.gate import Decision
from fraud.registry import Registry
from fraud.releases import NONE_YET, Models, Release, before, current, put_in_service, take_back
from fraud.settings import DAY, Settings
from fraud.store import Store, kept, payments, reports
from fraud.training import part_of, scores, train

logger = logging.getLogger("fraud")
USUAL_DAYS = 20.0
"""Days of the newest labels that a model is trained on."""
FIRST_LABELS, HISTORY = 30, 45
"""Days after which the first model is trained, and up to which a fresh system knows its past."""


class Impossible(Exception):
    """A command that cannot be followed; the text says why."""


class System:
    """The database, the models and the registry of one system."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store(settings.database)
        self.models = Models(settings.models)
        self._registry: Registry | None = None

    @property
    def registry(self) -> Registry:
        """Return the registry, reached for the first time now."""
        if self._registry is None:
            self._registry = Registry(self.settings)
        return self._registry

    def close(self) -> None:
        """Close the database."""
        self.store.close()


def init(system: System, world: World | None = None, days: int = HISTORY) -> str:
    """Give a fresh system a past and its first model; return the version in service."""
    release = current(system.store)
    if release is not None:
        return release.champion
    lay_past(system.store, world or World(), days)
    until = FIRST_DAY + min(FIRST_LABELS, days) * DAY
    version = retrain(system, why="the first model", until=until)
    says = f"Version {version} is the first in service."
    put_in_service(system.store, Release(version), "released", says)
    _tell(system, version, "champion", "the first model")
    return version


def lay_past(store: Store, world: World, days: int) -> None:
    """Write the payments of the first days, and the reports that had come in by their end."""
    events = list(world.days(0, days))
    end = FIRST_DAY + days * DAY
    told = [e for e in events if e.fraud and e.reported_at < end]
    with store.writing() as tx:
        store.insert_new(tx, payments, [kept(each.payment) for each in events])
        lines = [
            {"payment_id": e.payment["payment_id"], "fraud": True, "reported_at": e.reported_at}
            for e in told
        ]
        store.put(tx, reports, lines)


def retrain(
    system: System,
    labels: Path | None = None,
    why: str = "asked for",
    *,
    until: float | None = None,
    days: float = USUAL_DAYS,
) -> str:
    """Train on the newest labels and register the model; return its version. It serves nobody yet.

    `labels` is a file of labelled payments, taken as newer than what the database holds; `until`
    a moment at which labels have to be ripe, now if none is given; `days` how far back labels
    count. Raises Refused where labels break the contract.
    """
    store = system.store
    until = (store.watermark() if until is None else until) - system.settings.label_days * DAY
    given = read_labelled(lines_of(labels)) if labels else []
    names = {row["payment_id"] for row in given}
    since = until - days * DAY
    known = store.labelled(since - MEMORY, until)
    pasts = pasts_of(known)
    newest = [r for r in known if r["at"] >= since and r["payment_id"] not in names]
    of_file = part_of(given, store.pasts(given)) if labels else None
    trained = train(part_of(newest, pasts), of_file)
    release = current(store)
    if planted("relabels") and release is not None:
        object.__setattr__(trained, "model", system.models.load(release.champion)[0])
    version = system.registry.register(trained, why)
    system.models.save(version, trained)
    says = f"Version {version} is trained on {trained.parameters['n_payments']:,} payments."
    with store.writing() as tx:
        store.write_down(tx, "trained", says, version=version, **trained.metrics)
    return version


def promote(system: System, version: str, share: float | None = None) -> Decision:
    """Ask the gate, and put a version into service where it agrees; for a share of the cards only,
    where one is given.

    Raises Impossible for a version that there is not, and for a share that is none.
    """
    if share is not None and not 0 < share < 1:
        raise Impossible(f"a share of the cards is above 0 and below 1, not {share:g}")
    release = current(system.store)
    if release is None:
        raise Impossible(NONE_YET)
    if not (system.models.folder / version / "model.skops").is_file():
        there = sorted(path.name for path in system.models.folder.iterdir() if path.is_dir())
        raise Impossible(f"there is no version {version}; there are {', '.join(there)}")
    if version == release.champion:
        raise Impossible(f"version {version} is in service already")
    decision = judge(system, version, release.champion)
    facts = decision.facts | {"reason": decision.reason}
    if not decision.promote:
        says = f"Version {version} is refused: {decision.reason}."
        with system.store.writing() as tx:
            system.store.write_down(tx, "refused", says, version=version, **facts)
        _tell(system, version, "refused", decision.reason)
        return decision
    if share is not None:
        next_one, kind = Release(release.champion, version, share), "canary"
        says = f"Version {version} answers {share:.0%} of the cards: {decision.reason}."
    else:
        next_one, kind = Release(version), "promoted"
        says = f"Version {version} is in service: {decision.reason}."
    put_in_service(system.store, next_one, kind, says, **facts)
    alias = "champion" if share is None else "challenger"
    _tell(system, version, alias, decision.reason)
    return decision


def judge(system: System, version: str, champion: str) -> Decision:
    """Return what the gate says of a version."""
    if planted("open-gate"):
        return Decision(True, "the gate stands open", {})
    new, old = system.models.load(version)[0], system.models.load(champion)[0]
    before_it = system.models.held_out(champion)
    usual = float(np.average(before_it.y, weights=before_it.w))
    return gate.decide(system.models.held_out(version), old, new, usual)


def rollback(system: System) -> str:
    """Put what was in service before back; return its version."""
    now, earlier = current(system.store), before(system.store)
    if now is None:
        raise Impossible(NONE_YET)
    if earlier is None:
        raise Impossible("there is no earlier version that was not taken back itself")
    says = f"Rolled back to version {earlier.champion}."
    take_back(system.store, now, earlier, says)
    _tell(system, earlier.champion, "champion", "rolled back")
    return earlier.champion


def batch(system: System, rows: Path, predictions: Path) -> int:
    """Write one score a line for a file of payments; return how many."""
    release = current(system.store)
    if release is None:
        raise Impossible(NONE_YET)
    asked = [row_of(each) for each in read_rows(lines_of(rows))]
    pasts = system.store.pasts(asked)
    X = table(asked, pasts)
    chosen = [release.version_for(release.variant_of(row["card"])) for row in asked]
    by_version = {each: scores(system.models.load(each)[0], X) for each in set(chosen)}
    found = [float(by_version[version][place]) for place, version in enumerate(chosen)]
    predictions.write_text("".join(f"{json.dumps(each)}\n" for each in found), encoding="utf-8")
    return len(found)


def write_rows(path: Path, count: int, labelled: bool) -> None:
    """Write payments of the days after the first training, as rows that a proof sends.

    These have no names, since a proof sends each row many times, and each time it is another
    payment. With labels it is a sample of all frauds and of `count` others, each with its name, its
    weight and what a simple rule says of it.
    """
    events = list(World().days(FIRST_LABELS, HISTORY))
    rng = np.random.default_rng(0)
    genuine = [each for each in events if not each.fraud]
    n_there = len(genuine if labelled else events)
    if count > n_there:
        raise Impossible(f"there are only {n_there:,} payments to draw from, not {count:,}")
    if labelled:
        weight = round(len(genuine) / count, 3)
        drawn = rng.choice(len(genuine), count, replace=False)
        events = [each for each in events if each.fraud] + [genuine[i] for i in sorted(drawn)]
        events.sort(key=lambda each: each.payment["at"])
    else:
        events = [events[i] for i in sorted(rng.choice(len(events), count, replace=False))]
    lines = []
    for each in events:
        row = written(each.payment)
        if not labelled:
            del row["payment_id"]
        else:
            w = 1.0 if each.fraud else weight
            row |= {"fraud": int(each.fraud), "weight": w, "rule": rule(each.payment)}
        lines.append(json.dumps(row) + "\n")
    path.write_text("".join(lines), encoding="utf-8")


def rule(payment: Mapping[str, Any]) -> float:
    """Return what a person would say who has only this payment: large, online or abroad."""
    is_large = payment["amount"] > 150
    is_far = payment["country"] != payment["card_country"]
    percent = 1 + 20 * (is_large and payment["entry"] == "online") + 30 * (is_large and is_far)
    return percent / 100


def _tell(system: System, version: str, alias: str, why: str) -> None:
    """Tell the registry what is in service already; nobody waits for it, and it may be away."""
    try:
        system.registry.tell(version, alias, gate=why)
    except Exception as fault:
        logger.warning("the registry was not told that %s is the %s: %s", version, alias, fault)
