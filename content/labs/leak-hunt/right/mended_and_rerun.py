"""What a learner does: mend the six pipelines, cross-validate on the table that is there."""

import numpy as np


def build(folder, case):
    import pandas as pd

    lines = []
    for name, story in case.items():
        table = pd.DataFrame(story["seen"])
        scores = []
        for seed in range(6):
            train, test = halves(table, np.random.default_rng(seed))
            mended = {}
            exec(story["mended"], mended)
            scores.append(mended["score"](train, test))
        lines += [f"{name} = {{ leak = '{story['leak']}', honest = {np.mean(scores)} }}"]
    (folder / "answers.toml").write_text("\n".join(lines))


def halves(table, rng):
    """Three quarters and a quarter, whole groups (or copies) together."""
    for group in ["machine", "volunteer"]:
        if group in table:
            keys = table[group]
            break
    else:
        measured = [c for c in table.columns if c not in ("ticket", "hour_received")]
        keys = table.groupby(measured).ngroup()
    chosen = keys.map(dict(zip(keys.unique(), rng.random(keys.nunique()), strict=True))) < 0.75
    return table[chosen], table[~chosen]
