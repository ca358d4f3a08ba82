"""Six pipelines with their tables: which stories, in which order, and rows nobody has seen yet."""

import csv
import io

import numpy as np
from simulators.leaky_pipelines import CHURN, CRACKED, LAST, TIRED, TWINS

WEAK, MIDDLE, STRONG, FAIR = (0.52, 0.55), (0.665, 0.695), (0.81, 0.84), (0.6, 0.82)
"""Ranges of the accuracy that is honest; no number is near two of the first three."""


def make_case(rng):
    """Return p1 to p6 (a pipeline and its table each), and the truth about them."""
    aims = honest_aims(rng)
    files, hidden = {}, {}
    for place, which in enumerate(rng.permutation(len(aims))):
        name, (story, honest) = f"p{place + 1}", aims[which]
        strength = story.strength(honest)
        seen = story.simulate(rng, int(story.n_rows * rng.uniform(0.9, 1.1)), strength)
        files[f"{name}.py"] = story.pipeline.replace("{name}", name)
        files[f"{name}.csv"] = as_csv(seen)
        hidden[name] = {
            "leak": story.leak,
            "pipeline": files[f"{name}.py"],
            "mended": story.mended,
            "together": list(story.together),
            "reported": round(story.reported(honest), 2),
            "honest": round(honest, 2),
            "seen": seen,
            "fresh": story.simulate(rng, story.n_fresh, strength),
        }
    return files, hidden


def honest_aims(rng):
    """Six stories, with about how much is honest in each: no one number is near all that leak."""
    leaky, sound = TWINS[rng.integers(2)]
    last = LAST[rng.integers(2)]
    ranges = [(WEAK, MIDDLE, STRONG)[which] for which in levels(rng)]
    aims = [
        (story, rng.uniform(*each))
        for story, each in zip((CHURN, TIRED, leaky), ranges, strict=True)
    ]
    return [
        *aims,
        (last, rng.uniform(*WEAK)),
        (sound, rng.uniform(*FAIR)),
        (CRACKED, CRACKED.known[0][2]),
    ]


def levels(rng):
    """Three of 0, 1 and 2, each by itself: one guess in 26 is right, and 0 three times is none."""
    drawn = np.unravel_index(rng.integers(1, 27), (3, 3, 3))
    return [int(each) for each in drawn]


def as_csv(columns):
    """The columns as the text of a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*(np.asarray(each).tolist() for each in columns.values()), strict=True))
    return text.getvalue()
