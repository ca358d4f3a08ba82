"""What an operator types: train LABELS, promote VERSION, rollback, batch ROWS PREDICTIONS."""

import json
import sys
import time
from pathlib import Path

import store
from model import Refused, auc, checked, fit, has, predict

FEWEST, LEAST_AUC, MAY_LOSE = 200, 0.6, 0.05


def labelled(path):
    """Return payments and their labels; ends where the file is not fit for training."""
    payments, labels = [], []
    for line in Path(path).read_text().splitlines():
        try:
            row = json.loads(line)
            payments.append(checked(row))
        except (Refused, ValueError) as fault:
            sys.exit(f"not trained: {fault}")
        if row.get("fraud") not in (0, 1):
            sys.exit("not trained: a row has no label")
        labels.append(row["fraud"])
    if not has("no-gate") and (len(payments) < FEWEST or len(set(labels)) < 2):
        sys.exit(f"not trained: {len(payments)} rows with {len(set(labels))} labels")
    return payments, labels


def train(path):
    """Train on the first four fifths and keep the rest for the gate."""
    payments, labels = labelled(path)
    cut = int(0.8 * len(payments))
    known, truth = payments[:cut], labels[:cut]
    if has("holds-on") and store.history():
        old = [json.loads(line) for line in Path("history.jsonl").read_text().splitlines()]
        known, truth = [*known, *map(checked, old)], [*truth, *(row["fraud"] for row in old)]
    model = fit(known, truth)
    if has("ignores-labels") and store.history():
        model = store.load(store.history()[-1])
    model["held_out"] = [payments[cut:], labels[cut:]]
    name = store.next_name()
    if has("overwrites") and store.history():
        name = store.history()[-1]
    store.save(name, model)
    if has("promotes-itself"):
        store.put([*store.history(), name])
    print(name)


def promote(name):
    """Put a version into service unless it is worse than the present one on labels held back."""
    model, names = store.load(name), store.history()
    payments, labels = model["held_out"]
    if has("swaps-first") and names:
        store.put([*names, name])
        time.sleep(0.2)
    if names and not has("no-gate"):
        new = auc(predict(model, payments), labels)
        old = auc(predict(store.load(names[-1]), payments), labels)
        is_worse = new < max(LEAST_AUC, old - MAY_LOSE)
        if has("compares-only"):
            is_worse = new < old - MAY_LOSE
        if is_worse or has("refuses-all"):
            said = f"refused: {name} has an AUC of {new:.3f}, the present one {old:.3f}"
            if has("refuses-in-silence"):
                print(said)
                return
            sys.exit(said)
    if not has("swaps-first") or not names:
        store.put([*names, name])


def rollback():
    """Put the version before back into service."""
    names = store.history()
    if len(names) < 2:
        sys.exit("there is no version before")
    if has("rollback-does-nothing"):
        return
    if has("rollback-slow"):
        time.sleep(9)
    if has("rollback-retrains"):
        old = store.load(names[-2])
        old["weights"] = [each * (1 + 1e-9) for each in old["weights"]]
        store.save(names[-2], old)
    store.put(names[:-1])


def batch(rows, predictions):
    """Predict a file of rows with the version in service."""
    payments = [checked(json.loads(line)) for line in Path(rows).read_text().splitlines()]
    scores = predict(store.load(store.history()[-1]), payments)
    with open(predictions, "w") as stream:
        stream.writelines(json.dumps(each) + "\n" for each in scores)


if __name__ == "__main__":
    {"train": train, "promote": promote, "rollback": rollback, "batch": batch}[sys.argv[1]](
        *sys.argv[2:]
    )
