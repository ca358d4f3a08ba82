"""Six pipelines with their tables: which stories, in which order, and rows nobody has seen yet."""

import csv
import io

import numpy as np
from simulators.leaky_pipelines import ALWAYS, LAST, TWINS

N_FRESH = 1000


def make_case(rng):
    """Return p1 to p6 (a pipeline and its table each), and the truth about them."""
    stories = [*ALWAYS, *TWINS[rng.integers(2)], LAST[rng.integers(2)]]
    files, hidden = {}, {}
    for place, which in enumerate(rng.permutation(len(stories))):
        name, story = f"p{place + 1}", stories[which]
        seen = story.simulate(rng, int(story.n_rows * rng.uniform(0.9, 1.1)))
        files[f"{name}.py"] = story.pipeline.replace("{name}", name)
        files[f"{name}.csv"] = as_csv(seen)
        hidden[name] = {
            "leak": story.leak,
            "pipeline": files[f"{name}.py"],
            "mended": story.mended,
            "reported": story.reported,
            "honest": story.honest,
            "seen": seen,
            "fresh": story.simulate(rng, N_FRESH),
        }
    return files, hidden


def as_csv(columns):
    """The columns as the text of a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*(np.asarray(each).tolist() for each in columns.values()), strict=True))
    return text.getvalue()
