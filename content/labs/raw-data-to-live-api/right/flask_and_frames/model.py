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


def enrich(frame):
    frame = frame[NUMERIC + TEXT].copy()
    frame["reserve"] = frame["pressure"] - frame["depth_m"] / 10
    frame["vibration"] = np.log(frame["vibration"].clip(lower=0.05))
    frame["vibration"] = frame["vibration"].clip(-2, 4)
    for name in TEXT:
        frame[name] = frame[name].fillna("unknown").astype(str).str.strip().str.lower()
    return frame


def untrained():
    numbers = make_pipeline(SimpleImputer(add_indicator=True), StandardScaler())
    columns = make_column_transformer(
        (numbers, [*NUMERIC, "reserve"]),
        (OneHotEncoder(handle_unknown="ignore", min_frequency=20), TEXT),
    )
    return make_pipeline(FunctionTransformer(enrich), columns, LogisticRegression(C=0.2, max_iter=500))


def frame_of(rows):
    frame = pd.DataFrame(rows)
    for name in NUMERIC:
        frame[name] = frame[name].astype("float64")
    for name in TEXT:
        frame[name] = frame[name].astype(object)
    return frame


def predict(model, rows):
    return model.predict_proba(frame_of(rows))[:, 1].tolist()


def read(version):
    return pickle.loads((ARTEFACTS / f"{version}.pkl").read_bytes())


def live():
    return json.loads(LIVE.read_text())["version"]
