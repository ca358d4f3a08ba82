"""What a serving library would bring: reads the artefact and computes scores. Do not change it.

In production the first takes long, because the file is large, and the second keeps a processor
busy. Here both are quick, unless somebody makes them slow to see what your service does then.
"""

import json
import math


def read_artefact(path):
    """Return the artefact as a dict; see model.json for what is in it."""
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def score(vectors, weights, intercept):
    """Return a probability for each vector: the logistic function of its weighted sum."""
    sums = [intercept + sum(v * w for v, w in zip(vector, weights)) for vector in vectors]
    return [1 / (1 + math.exp(-s)) if s >= 0 else 1 - 1 / (1 + math.exp(s)) for s in sums]
