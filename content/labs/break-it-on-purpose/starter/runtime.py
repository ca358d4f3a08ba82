"""The model server as the service meets it, and its clock. Do not change it.

The clock runs only while the model computes: how long that takes, and whether it fails, hangs on
the request. So a slow day can be played in no time.
"""

import json
import math

_seconds = 0.0


class ModelServerError(Exception):
    """The model server gave no answer."""


def timer():
    """Return the seconds of a clock that only moves forwards, as time.perf_counter() does."""
    return _seconds


def read_model(path="model.json"):
    """Return the model and what its training data looked like; see model.json."""
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def score(request_id, vectors):
    """Return a probability for each vector; raises ModelServerError where the server fails."""
    global _seconds
    code = int(request_id[8:], 16) ^ int(request_id[:8], 16)
    _seconds += (code >> 1) / 1e6
    if code & 1:
        raise ModelServerError("the model server gave no answer")
    return [1 / (1 + math.exp(-max(-30.0, min(30.0, sum(vector))))) for vector in vectors]
