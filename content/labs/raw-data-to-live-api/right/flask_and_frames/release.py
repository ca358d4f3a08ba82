"""python release.py VERSION: lets a version in that is good enough on the unseen pumps."""

import json
import os
import sys

from sklearn.metrics import log_loss, roc_auc_score

import model
import prepare

if __name__ == "__main__":
    candidate = sys.argv[1]
    _, unseen = prepare.split(prepare.load())
    scored = model.read(candidate).predict_proba(unseen)[:, 1]
    area, loss = roc_auc_score(unseen["failed"], scored), log_loss(unseen["failed"], scored)
    if area < 0.66:
        sys.exit(f"refused: AUC {area:.3f} is below 0.66")
    if model.LIVE.exists():
        old = model.read(model.live()).predict_proba(unseen)[:, 1]
        if area < roc_auc_score(unseen["failed"], old) - 0.04 or loss > log_loss(unseen["failed"], old) + 0.05:
            sys.exit(f"refused: worse than {model.live()}")
    waiting = model.LIVE.with_suffix(".tmp")
    waiting.write_text(json.dumps({"version": candidate}))
    os.replace(waiting, model.LIVE)
