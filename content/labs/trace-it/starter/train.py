"""Trains, records, promotes: `python train.py STEP ...`, the steps in their order.

sweep=FILE:SEED  promote=GATE  rollback  predict=FILE  trace=SCORE  table=FILE
"""

import json
import sys

import model


def sweep(path, seed):
    for degree, alpha in model.GRID:
        trained, metrics = model.train(path, degree, alpha, seed)
        with open("model_final_v2_REAL.json", "w", encoding="utf-8") as file:
            json.dump(trained, file)


for step in sys.argv[1:]:
    name, _, words = step.partition("=")
    if name == "sweep":
        path, seed = words.rsplit(":", 1)
        sweep(path, int(seed))
