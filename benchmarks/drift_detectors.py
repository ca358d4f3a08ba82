"""Detectors of other libraries on given streams; runs where the library is, and there alone.

python drift_detectors.py LIBRARY STREAMS.npz prints, as JSON, the rows at which each detector
raises an alarm on any column: first of the calm stream, then of each drifting one.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

Step = Callable[[Any, float], bool]


def river() -> dict[str, tuple[Callable[[], Any], Step]]:
    """Return River's detectors that take any number, and how they are asked."""
    from river import drift

    def step(detector: Any, value: float) -> bool:
        detector.update(value)
        return bool(detector.drift_detected)

    return {"ADWIN": (drift.ADWIN, step), "PageHinkley": (drift.PageHinkley, step)}


def frouros() -> dict[str, tuple[Callable[[], Any], Step]]:
    """Return Frouros's detectors that take any number, and how they are asked."""
    from frouros.detectors import concept_drift

    def step(detector: Any, value: float) -> bool:
        detector.update(value=value)
        found = bool(detector.drift)
        if found:
            detector.reset()
        return found

    return {
        "CUSUM": (concept_drift.CUSUM, step),
        "PageHinkley": (concept_drift.PageHinkley, step),
    }


def alarms(make: Callable[[], Any], step: Step, stream: np.ndarray) -> list[int]:
    """Return the rows at which a detector of any column raises an alarm."""
    found: set[int] = set()
    for column in stream.T:
        detector = make()
        found |= {row for row, value in enumerate(column.tolist()) if step(detector, value)}
    return sorted(found)


if __name__ == "__main__":
    with np.load(sys.argv[2]) as kept:
        streams = [kept["calm"], *kept["drifting"]]
    known = {"river": river, "frouros": frouros}[sys.argv[1]]()
    print(
        json.dumps({name: [alarms(*how, each) for each in streams] for name, how in known.items()})
    )
