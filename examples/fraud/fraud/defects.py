"""What can be broken on purpose: `FRAUD_DEFECT=deaf,leaks` plants faults that a proof must find.

A learner who takes the system apart can see here which proof guards which line.
"""

import os

DEFECTS = {
    "slow-start": "start: says that it is ready only after ten minutes",
    "forgets-history": "contract: serves without the card's history, trains with it",
    "no-echo": "contract: does not repeat the request's identifier",
    "trips-over-garbage": "garbage: answers 500 to what it cannot read",
    "stalls": "latency: holds every two-hundredth batch for half a second",
    "never-refuses": "overload: lets every request wait, however many there are",
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
    "takes-anything": "data-guards: skips the contract when it trains",
    "reads-the-name": "data-guards: lets the holder's name move the score",
    "keeps-the-name": "data-guards: writes the holder's name into the prediction log",
    "burns": "cost: computes each score two hundred times",
}
"""Every planted fault: the proof that has to find it, and what it does."""


def planted(name: str) -> bool:
    """Say whether a fault is switched on."""
    assert name in DEFECTS, name
    return name in _chosen()


def _chosen() -> frozenset[str]:
    chosen = frozenset(filter(None, os.environ.get("FRAUD_DEFECT", "").split(",")))
    unknown = chosen - DEFECTS.keys()
    if unknown:
        raise SystemExit(f"FRAUD_DEFECT: {', '.join(sorted(unknown))}; known: {', '.join(DEFECTS)}")
    return chosen
