"""What can be broken on purpose: `FRAUD_DEFECT=deaf,leaks` plants faults that a proof must find.

A learner who takes the system apart can see here which proof guards which line.
"""

import difflib
import os
from collections.abc import Iterable

DEFECTS = {
    "slow-start": "start: says that it is ready only after ten minutes",
    "forgets-history": "contract: serves without the card's history, trains with it",
    "no-echo": "contract: does not repeat the request's identifier",
    "trips-over-garbage": "garbage: answers 500 to what it cannot read",
    "stalls": "latency: holds every two-hundredth batch for half a second",
    "never-refuses": "overload: scores one by one, and lets every request wait",
    "leaks": "soak: keeps every payment in memory",
    "answers-first": "crash: answers before the prediction is written",
    "drops-some": "prediction-log: leaves out every fiftieth prediction",
    "deaf": "drift-alert: never raises an alert",
    "nervous": "drift-alert: alerts on the mean of the last fifty amounts",
    "relabels": "retrain: registers the old model under a new version",
    "open-gate": "gate: promotes whatever it is given",
    "rolls-dice": "ab-split: draws the version anew for each request",
    "renames": "rollback: changes the version's name and keeps the model",
    "unseeded": "reproducible-training: trains with another seed each time",
    "knows-nothing": "baseline: scores every payment as the share of frauds",
    "takes-anything": "data-guards: scores what breaks the contract by a guess",
    "reads-the-name": "data-guards: lets the holder's name move the score",
    "keeps-the-name": "data-guards: writes the holder's name into the prediction log",
    "burns": "cost: computes each score two hundred times",
}
"""Every planted fault: the proof that has to find it, and what it does."""


def planted(name: str) -> bool:
    """Say whether a fault is switched on."""
    assert name in DEFECTS, name
    return name in _chosen()


class Unknown(ValueError):
    """A name that means nothing; the text lists those that do."""


def check() -> None:
    """Raise Unknown where a fault is to be planted that there is not."""
    for name in sorted(_chosen() - DEFECTS.keys()):
        raise Unknown(f"FRAUD_DEFECT: there is no '{name}'{one_of(name, DEFECTS)}")


def one_of(name: str, known: Iterable[str]) -> str:
    """Return which name was perhaps meant, and which there are."""
    known = list(known)
    near = difflib.get_close_matches(name, known, 1)
    meant = f"; did you mean '{near[0]}'?" if near else "."
    return f"{meant} There are {', '.join(known)}."


def _chosen() -> frozenset[str]:
    names = os.environ.get("FRAUD_DEFECT", "").split(",")
    return frozenset(filter(None, map(str.strip, names)))
