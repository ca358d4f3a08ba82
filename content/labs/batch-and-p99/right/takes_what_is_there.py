"""Waits for nobody: as soon as the model is free it gets what is there. Plain standard library."""

import asyncio
import csv
from math import ceil, inf, isnan, log1p
from time import perf_counter


class Unavailable(Exception):
    pass


class Row:
    def __init__(self, raw, card):
        amount = raw.get("amount")
        missing = amount is None or amount == ""
        try:
            self.amount = card["median_amount"] if missing else float(amount)
            self.hours = float(raw["hours"])
        except (TypeError, KeyError) as fault:
            raise ValueError("no number") from fault
        for number in (self.amount, self.hours):
            if isnan(number) or number < 0 or number == inf:
                raise ValueError("not a number that can be scored")

    def numbers(self):
        return (log1p(self.amount), self.hours)


async def score_file(model, source, target):
    with open(source, newline="") as file:
        raw = list(csv.DictReader(file))
    scores = [""] * len(raw)
    good = []
    for place, each in enumerate(raw):
        try:
            good.append((place, Row(each, model.card).numbers()))
        except ValueError:
            pass
    for first in range(0, len(good), model.max_rows):
        part = good[first : first + model.max_rows]
        found = await model.predict([numbers for _, numbers in part])
        for (place, _), each in zip(part, found):
            scores[place] = repr(float(each))
    with open(target, "w", newline="") as file:
        out = csv.DictWriter(file, ["id", "score"])
        out.writeheader()
        for each, text in zip(raw, scores):
            out.writerow({"id": each["id"], "score": text})


class Service:
    def __init__(self, model, max_batch, max_wait, max_queue):
        self.model, self.max_batch, self.max_queue = model, max_batch, max_queue
        self.queue, self.busy, self.ready = [], None, False

    async def start(self):
        for size in (1, 2):
            await self.model.predict([(0.0, 0.0)] * size)
        self.ready = True

    async def predict(self, row):
        if not self.ready:
            raise Unavailable("still starting")
        numbers = Row(row, self.model.card).numbers()
        if len(self.queue) >= self.max_queue:
            raise Unavailable("full")
        future = asyncio.Future()
        self.queue.append((numbers, future))
        if self.busy is None:
            self.busy = asyncio.create_task(self.drain())
        return await future

    async def drain(self):
        try:
            while self.queue:
                batch, self.queue = self.queue[: self.max_batch], self.queue[self.max_batch :]
                batch = [(numbers, future) for numbers, future in batch if not future.done()]
                if batch:
                    await self.compute(batch)
        finally:
            self.busy = None

    async def compute(self, batch):
        try:
            scores = await self.model.predict([numbers for numbers, _ in batch])
        except Exception as fault:
            scores = [fault] * len(batch)
        for (_, future), score in zip(batch, scores):
            if future.done():
                continue
            if isinstance(score, Exception):
                future.set_exception(score)
            else:
                future.set_result(score)


async def measure(client, path, rows, starts):
    zero = perf_counter()
    waits, ends = [], []

    async def one(row, start):
        try:
            response = await client.post(path, json=row)
            response.raise_for_status()
        except Exception:
            return
        ends.append(perf_counter() - zero)
        waits.append(ends[-1] - start)

    asked = []
    for row, start in zip(rows, starts):
        pause = zero + start - perf_counter()
        if pause > 0:
            await asyncio.sleep(pause)
        asked.append(asyncio.create_task(one(row, start)))
    await asyncio.gather(*asked)
    waits.sort()
    n = len(waits)
    report = {"answered": n, "failed": len(rows) - n, "p50": None, "p99": None, "per_second": 0}
    if n:
        report["p50"] = waits[ceil(0.5 * n) - 1]
        report["p99"] = waits[ceil(0.99 * n) - 1]
        report["per_second"] = n / (max(ends) - starts[0])
    return report


def choose(need, cost):
    if need["within"] >= 24 * 60 * 60:
        calls = -(-need["rows"] // cost["max_rows"])
        if calls * cost["fixed"] + need["rows"] * cost["per_row"] < need["asked"] * (
            cost["fixed"] + cost["per_row"]
        ):
            return "batch"
    return "real time"
