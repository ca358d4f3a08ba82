"""Polling instead of waiting, as somebody would write who comes from threads."""

import asyncio
import csv
import itertools
import math
import time

import httpx
import numpy as np

DAY = 86_400


class Unavailable(Exception):
    """Not now: ask again later."""


def vector(row, card):
    """Turn a row into what the model takes; the only place that does, by night and by day."""
    amount, hours = row.get("amount"), row.get("hours")
    if amount is None or amount == "":
        amount = card["median_amount"]
    try:
        numbers = float(amount), float(hours)
    except (TypeError, ValueError):
        raise ValueError(f"amount {amount!r} or hours {hours!r} is not a number") from None
    if not all(0 <= each < math.inf for each in numbers):
        raise ValueError(f"amount {amount!r} or hours {hours!r} is out of range")
    return [math.log1p(numbers[0]), numbers[1]]


async def score_file(model, source, target):
    """Score a CSV file in calls that are as full as the model takes them."""
    with (
        open(source, newline="", encoding="utf-8") as lines,
        open(target, "w", newline="", encoding="utf-8") as scores,
    ):
        rows, writer = csv.DictReader(lines), csv.writer(scores)
        writer.writerow(["id", "score"])
        while chunk := list(itertools.islice(rows, model.max_rows)):
            vectors = {}
            for place, row in enumerate(chunk):
                try:
                    vectors[place] = vector(row, model.card)
                except ValueError:
                    continue
            found = await model.predict(list(vectors.values())) if vectors else []
            by_place = dict(zip(vectors, found, strict=True))
            writer.writerows([row["id"], by_place.get(i, "")] for i, row in enumerate(chunk))


class Service:
    """Looks every millisecond whether there is something to do."""

    def __init__(self, model, max_batch, max_wait, max_queue):
        self.model, self.size, self.patience, self.room = model, max_batch, max_wait, max_queue
        self.waiting, self.worker, self.warm = [], None, False

    def ready(self):
        return self.warm

    async def start(self):
        await self.model.predict([[0.0, 0.0]])
        self.warm = True
        self.worker = asyncio.ensure_future(self.work())

    async def predict(self, row):
        numbers = vector(row, self.model.card)
        if not self.warm or len(self.waiting) >= self.room:
            raise Unavailable()
        entry = {"numbers": numbers, "came": time.monotonic(), "event": asyncio.Event()}
        self.waiting.append(entry)
        await entry["event"].wait()
        if "fault" in entry:
            raise entry["fault"]
        return entry["score"]

    async def work(self):
        while True:
            await asyncio.sleep(0.001)
            if not self.waiting:
                continue
            if len(self.waiting) < self.size:
                if time.monotonic() - self.waiting[0]["came"] < self.patience - 0.0005:
                    continue
            batch, self.waiting = self.waiting[: self.size], self.waiting[self.size :]
            try:
                scores = await self.model.predict([entry["numbers"] for entry in batch])
                for entry, score in zip(batch, scores):
                    entry["score"] = score
            except Exception as fault:
                for entry in batch:
                    entry["fault"] = fault
            for entry in batch:
                entry["event"].set()


async def measure(client, path, rows, starts):
    """Look every half millisecond which requests are due."""
    began, asked = time.monotonic(), []

    async def ask(number):
        try:
            ok = (await client.post(path, json=rows[number])).status_code == 200
        except httpx.HTTPError:
            ok = False
        return ok, time.monotonic() - began - starts[number], time.monotonic() - began

    while len(asked) < len(rows):
        while len(asked) < len(rows) and starts[len(asked)] <= time.monotonic() - began:
            asked.append(asyncio.create_task(ask(len(asked))))
        await asyncio.sleep(0.0005)
    ends = [await each for each in asked]
    waits = [wait for ok, wait, _ in ends if ok]
    report = {"answered": len(waits), "failed": len(ends) - len(waits)}
    if not waits:
        return report | {"p50": 0.0, "p99": 0.0, "per_second": 0.0}
    report["p50"], report["p99"] = np.quantile(waits, [0.5, 0.99], method="inverted_cdf")
    report["per_second"] = len(waits) / (max(end for ok, _, end in ends if ok) - starts[0])
    return report


def choose(need, cost):
    """Say which way costs less of the model's time, among those that are in time."""
    if need["within"] < DAY:
        return "real time"
    n_calls = math.ceil(need["rows"] / cost["max_rows"])
    night = n_calls * cost["fixed"] + need["rows"] * cost["per_row"]
    day = need["asked"] * (cost["fixed"] + cost["per_row"])
    return "batch" if night <= day else "real time"
