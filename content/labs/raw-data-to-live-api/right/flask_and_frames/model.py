"""What is trained, and how a version is found."""

import json
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from prepare import NUMERIC, TEXT

ARTEFACTS = Path("artefacts")
LIVE = ARTEFACTS / "live.json"


def tidy(values):
    """Texts of a column as an array of objects: one row costs no string column of pandas."""
    return np.array(["unknown" if pd.isna(v) else str(v).strip().lower() for v in values], dtype=object)


def enrich(frame):
    frame = frame[NUMERIC + TEXT].copy()
    frame["reserve"] = frame["pressure"] - frame["depth_m"] / 10
    frame["vibration"] = np.log(frame["vibration"].to_numpy().clip(0.05)).clip(-2, 4)
    for name in TEXT:
        frame[name] = tidy(frame[name])
    return frame


def untrained():
    numbers = make_pipeline(SimpleImputer(add_indicator=True), StandardScaler())
    columns = make_column_transformer(
        (numbers, [*NUMERIC, "reserve"]),
        (OneHotEncoder(handle_unknown="ignore", min_frequency=20), TEXT),
    )
    return make_pipeline(FunctionTransformer(enrich), columns, LogisticRegression(C=0.2, max_iter=500))


def frame_of(rows, more=()):
    """A frame column by column, since pandas guesses the types of rows value by value."""
    columns = {name: np.array([row.get(name) for row in rows], dtype="float64") for name in NUMERIC}
    for name in (*TEXT, *more):
        columns[name] = np.array([row.get(name) for row in rows], dtype=object)
    return pd.DataFrame(columns)


def predict(model, rows):
    return model.predict_proba(frame_of(rows))[:, 1].tolist()


def read(version):
    return pickle.loads((ARTEFACTS / f"{version}.pkl").read_bytes())


def live():
    return json.loads(LIVE.read_text())["version"]
