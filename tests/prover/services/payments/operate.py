"""What an operator types: train LABELS, promote VERSION, rollback, batch ROWS PREDICTIONS."""

import json
import sys
import time
from pathlib import Path

import store
from model import DEFECT, Refused, auc, checked, fit, predict

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
    if DEFECT != "no-gate" and (len(payments) < FEWEST or len(set(labels)) < 2):
        sys.exit(f"not trained: {len(payments)} rows with {len(set(labels))} labels")
    return payments, labels


def train(path):
    """Train on the first four fifths and keep the rest for the gate."""
    payments, labels = labelled(path)
    cut = int(0.8 * len(payments))
    if DEFECT == "trains-on-few":
        payments, labels = payments[-25:], labels[-25:]
        cut = 20
    model = fit(payments[:cut], labels[:cut])
    if DEFECT in ("ignores-labels", "ignores-data") and store.history():
        model = store.load(store.history()[-1])
    model["held_out"] = [payments[cut:], labels[cut:]]
    name = store.next_name()
    if DEFECT == "overwrites" and store.history():
        name = store.history()[-1]
    store.save(name, model)
    if DEFECT == "promotes-itself":
        store.put([*store.history(), name])
    print(name)


def promote(name):
    """Put a version into service unless it is worse than the present one on labels held back."""
    model, names = store.load(name), store.history()
    payments, labels = model["held_out"]
    if DEFECT == "swaps-first" and names:
        store.put([*names, name])
        time.sleep(0.2)
    if names and DEFECT != "no-gate":
        new = auc(predict(model, payments), labels)
        old = auc(predict(store.load(names[-1]), payments), labels)
        is_worse = new < max(LEAST_AUC, old - MAY_LOSE)
        if DEFECT == "compares-only":
            is_worse = new < old - MAY_LOSE
        if is_worse or DEFECT == "refuses-all":
            said = f"refused: {name} has an AUC of {new:.3f}, the present one {old:.3f}"
            if DEFECT == "refuses-in-silence":
                print(said)
                return
            sys.exit(said)
    if DEFECT != "swaps-first" or not names:
        store.put([*names, name])


def rollback():
    """Put the version before back into service."""
    names = store.history()
    if len(names) < 2:
        sys.exit("there is no version before")
    if DEFECT == "rollback-does-nothing":
        return
    if DEFECT == "rollback-slow":
        time.sleep(4)
    if DEFECT == "rollback-retrains":
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
