"""python train.py [LABELLED.jsonl]: prints the version last."""

import hashlib
import json
import pickle
import sys
from importlib.metadata import version as installed
from pathlib import Path

from sklearn.metrics import roc_auc_score

import model
import prepare


def sha256(path):
    return "sha256:" + hashlib.sha256(Path(path).read_bytes()).hexdigest()


def main(labelled=None):
    table = prepare.load()
    train, unseen = prepare.split(table)
    if labelled:
        rows = [json.loads(line) for line in Path(labelled).read_text().splitlines() if line.strip()]
        if len(rows) < 100:
            sys.exit("too few rows")
        train = model.frame_of(rows, ["failed"]).astype({"failed": int})
        if train["failed"].nunique() != 2:
            sys.exit("one label only")
    fitted = model.untrained().fit(train, train["failed"])
    blob = pickle.dumps(fitted)
    version = "m" + hashlib.sha256(blob).hexdigest()[:12]
    model.ARTEFACTS.mkdir(exist_ok=True)
    (model.ARTEFACTS / f"{version}.pkl").write_bytes(blob)
    chances = fitted.predict_proba(unseen)[:, 1]
    shaking = unseen["vibration"].fillna(unseen["vibration"].median())
    fields = prepare.NUMERIC + prepare.TEXT
    record = {
        "version": version,
        "command": "python train.py",
        "data": {f"data/{t}.csv": sha256(f"data/{t}.csv") for t in ("inspections", "pumps", "repairs")},
        "code": {f: sha256(f) for f in ("prepare.py", "model.py", "train.py")},
        "packages": {p: installed(p) for p in ("scikit-learn", "pandas", "numpy")},
        "artefact": {"path": f"artefacts/{version}.pkl", "sha256": hashlib.sha256(blob).hexdigest()},
        "parameters": {"C": 0.2},
        "rows": {
            "n": len(table),
            "failed": int(table["failed"].sum()),
            "missing": {f: int(table[f].isna().sum()) for f in fields},
            "means": {f: round(float(table[f].mean()), 3) for f in prepare.NUMERIC},
            "levels": {f: table[f].nunique() for f in prepare.TEXT},
        },
        "learnt_from": [] if labelled else train["pump_id"].unique().tolist(),
        "held_out": dict(zip(unseen["inspection_id"], chances.round(4).tolist())),
        "metrics": {
            "auc": round(roc_auc_score(unseen["failed"], chances), 4),
            "baseline_auc": round(roc_auc_score(unseen["failed"], shaking), 4),
        },
    }
    (model.ARTEFACTS / f"{version}.json").write_text(json.dumps(record, indent=1))
    return version


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
