"""Measures a pipeline: what its team reports, and what is left of it once it is mended."""

import numpy as np
import pandas as pd

N_FOLDS = 5


def reported(folder, pipeline, seen):
    """Return the accuracy that the team reports; the learner's copies of the files are not used."""
    team = {"__name__": "team"}
    exec(pipeline, team)
    return float(team["report"](pd.DataFrame(seen)))


def mended(folder, mended, seen, fresh, together):
    """Return what the mended pipeline gets on fresh rows, and cross-validated on its own table."""
    seen, fresh, truth = pd.DataFrame(seen), pd.DataFrame(fresh), {}
    exec(mended, truth)
    return float(truth["score"](seen, fresh)), cross_validated(truth["score"], seen, together)


def cross_validated(score, seen, together):
    """Return the mean over folds that keep rows together which are equal in those columns."""
    key = seen.groupby(list(together)).ngroup() if together else np.arange(len(seen))
    place = np.random.default_rng(0).permutation(int(np.max(key)) + 1)[key]
    folds = [place % N_FOLDS == fold for fold in range(N_FOLDS)]
    return float(np.mean([score(seen[~fold], seen[fold]) for fold in folds]))
