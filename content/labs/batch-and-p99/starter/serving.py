"""One model, served in two ways: a whole file at night, and requests as they come."""

import csv
import math
import time


class Unavailable(Exception):
    """Not now: ask again later."""


async def score_file(model, source, target):
    """Score the rows of a CSV file; write a CSV file with id and score."""
    with open(source, newline="") as lines, open(target, "w", newline="") as scores:
        writer = csv.writer(scores)
        writer.writerow(["id", "score"])
        for row in csv.DictReader(lines):
            vector = [math.log1p(float(row["amount"] or 0)), float(row["hours"])]
            writer.writerow([row["id"], (await model.predict([vector]))[0]])


class Service:
    """Answers requests as they come."""

    def __init__(self, model, max_batch, max_wait, max_queue):
        self.model = model
        self.max_batch, self.max_wait, self.max_queue = max_batch, max_wait, max_queue
        self.ready = True

    async def start(self):
        """Get ready for requests."""

    async def predict(self, row):
        """Return the score of a row (a dict)."""
        vector = [math.log1p(row["amount"]), row["hours"]]
        return (await self.model.predict([vector]))[0]


async def measure(client, path, rows, starts):
    """Send rows to a service and say how fast it is."""
    seconds, failed = [], 0
    for row in rows:
        before = time.perf_counter()
        response = await client.post(path, json=row)
        seconds.append(time.perf_counter() - before)
        failed += response.status_code != 200
    mean = sum(seconds) / len(seconds)
    return {
        "answered": len(rows) - failed,
        "failed": failed,
        "p50": mean,
        "p99": mean,
        "per_second": 1 / mean,
    }


def choose(need, cost):
    """Say whether a need is served in "batch" or in "real time"."""
    return "real time"
