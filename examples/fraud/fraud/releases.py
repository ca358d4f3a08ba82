"""Which version answers which card, and the models on disk.

The registry keeps the record; a released model is a folder of its own, so that the service starts
and rolls back while the registry is down. Models are read with skops, which builds only the types
named here: a model file cannot run code.
"""

import hashlib
import json
import os
import random
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import skops.io
import sqlalchemy as sa

from fraud.defects import planted
from fraud.store import Store, releases, withdrawn
from fraud.training import Part, Trained

TRUSTED = [
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.tree._tree.Tree",
]
NONE_YET = "no version is released yet: run `python -m fraud init`"


USUAL_SHARE = 0.1
"""Share of the cards in variant b, where nothing else was said."""


@dataclass(frozen=True)
class Release:
    """What is in service."""

    champion: str
    """The version that answers."""
    challenger: str | None = None
    """The version that answers the cards of variant b; the champion does where there is none."""
    share: float = USUAL_SHARE
    """Share of the cards in variant b."""

    def variant_of(self, card: str) -> str:
        """Return `a` or `b`: by the card's name alone, so it is the same after a restart."""
        digest = hashlib.blake2b(f"variant/{card}".encode(), digest_size=8).digest()
        place = int.from_bytes(digest, "big") / 2**64
        if planted("rolls-dice"):
            place = random.random()
        return "b" if place < self.share else "a"

    def version_for(self, variant: str) -> str:
        """Return the version that answers a variant."""
        return self.challenger if self.challenger and variant == "b" else self.champion


class Models:
    """The folder of released models."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._loaded: dict[str, tuple[Any, dict[str, Any]]] = {}

    def save(self, version: str, trained: Trained) -> Path:
        """Write a model with its reference and what the gate needs; whole or not at all."""
        place = self.folder / version
        new = self.folder / f".{version}-{os.getpid()}"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        (new / "model.skops").write_bytes(skops.io.dumps(trained.model))
        (new / "reference.json").write_text(json.dumps(trained.reference))
        part = trained.held_out
        np.savez(new / "held_out.npz", X=part.X, y=part.y)
        (new / "held_out.json").write_text(json.dumps(list(part.rows)))
        shutil.rmtree(place, ignore_errors=True)
        new.rename(place)
        return place

    def load(self, version: str) -> tuple[Any, dict[str, Any]]:
        """Return a model and what its training data look like; kept in memory once read."""
        if version not in self._loaded:
            place = self.folder / version
            model = skops.io.load(place / "model.skops", trusted=TRUSTED)
            reference = json.loads((place / "reference.json").read_text())
            self._loaded[version] = (model, reference)
        return self._loaded[version]

    def held_out(self, version: str) -> Part:
        """Return the payments that a version was measured on."""
        place = self.folder / version
        with np.load(place / "held_out.npz") as arrays:
            rows = json.loads((place / "held_out.json").read_text())
            return Part(arrays["X"], arrays["y"], rows)


def current(store: Store) -> Release | None:
    """Return what is in service; None before the first model."""
    query = sa.select(releases).order_by(releases.c.id.desc()).limit(1)
    found = [Release(r["champion"], r["challenger"], r["share"]) for r in store.all(query)]
    return next(iter(found), None)


def put_in_service(store: Store, release: Release, kind: str, says: str, **facts: Any) -> None:
    """Make a release the current one, and write down why.

    A version that is put into service again is no longer one that was taken back.
    """
    served = [release.champion, *filter(None, [release.challenger])]
    with store.writing() as tx:
        tx.execute(releases.insert(), _row(release))
        tx.execute(withdrawn.delete().where(withdrawn.c.version.in_(served)))
        store.write_down(tx, kind, says, version=release.challenger or release.champion, **facts)


def take_back(store: Store, now: Release, earlier: Release, says: str) -> None:
    """Put an earlier release back, and remember that the version after it was taken back."""
    bad = {"version": now.challenger or now.champion, "at": time.time()}
    with store.writing() as tx:
        tx.execute(releases.insert(), _row(earlier))
        store.put(tx, withdrawn, [bad])
        store.write_down(tx, "rolled-back", says, version=earlier.champion)


def before(store: Store) -> Release | None:
    """Return what to roll back to; None where there is nothing.

    A canary is rolled back to its champion; a champion to the last one before it that was not
    taken back itself, so that rolling back twice goes further back and never to a bad version.
    """
    now = current(store)
    if now is None:
        return None
    if now.challenger is not None:
        return Release(now.champion)
    bad = sa.select(withdrawn.c.version)
    query = (
        sa.select(releases.c.champion)
        .where(releases.c.champion != now.champion, releases.c.champion.not_in(bad))
        .order_by(releases.c.id.desc())
        .limit(1)
    )
    return next((Release(each["champion"]) for each in store.all(query)), None)


def _row(release: Release) -> dict[str, Any]:
    return {
        "champion": release.champion,
        "challenger": release.challenger,
        "share": release.share,
        "at": time.time(),
    }
