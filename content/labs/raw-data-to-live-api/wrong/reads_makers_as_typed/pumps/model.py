"""The pipeline from a row, as it was sent, to the chance of a failure; saved and loaded whole."""

import hashlib
import math
from pathlib import Path

import joblib
from sklearn.feature_extraction import DictVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from pumps.raw import NUMBERS, WORDS

MODELS = Path("models")
CURRENT = MODELS / "current"


def features(rows: list[dict]) -> list[dict]:
    """Return what the model looks at; a missing number stays None, a missing word is left out."""
    found = []
    for row in rows:
        made = {name: row[name] for name in NUMBERS}
        vibration, pressure = row["vibration"], row["pressure"]
        made["vibration"] = None if vibration is None else math.log(max(vibration, 0.05))
        # A pump that presses less than its depth asks for runs dry.
        made["slack"] = None if pressure is None else pressure - row["depth_m"] / 10
        made |= {name: row[name] for name in WORDS if row[name] is not None}
        found.append(made)
    return found


def pipeline() -> Pipeline:
    """Return the untrained pipeline: everything that is learnt is learnt in here."""
    return Pipeline(
        [
            ("features", FunctionTransformer(features)),
            ("columns", DictVectorizer(sparse=False)),
            ("gaps", SimpleImputer(strategy="median", add_indicator=True)),
            ("scale", StandardScaler()),
            ("model", LogisticRegression(C=0.3, max_iter=1000)),
        ]
    )


def chances(model: Pipeline, rows: list[dict]) -> list[float]:
    """Return the chance of a failure for each row."""
    return [float(each) for each in model.predict_proba(rows)[:, 1]]


def load(version: str) -> Pipeline:
    """Return a version that train.py has written."""
    return joblib.load(MODELS / version / "model.joblib")


def current() -> str:
    """Return the name of the version in service."""
    return CURRENT.read_text(encoding="utf-8").strip()


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
