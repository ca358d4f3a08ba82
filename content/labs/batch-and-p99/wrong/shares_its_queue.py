"""You keep the queue on the class, so all services share one: a request that came to one is answered by another, with the score of another model."""

import asyncio
import csv
import itertools
import math
from collections import deque

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
    """Gathers requests that come at about the same time into one call of the model."""

    _waiting = deque()

    def __init__(self, model, max_batch, max_wait, max_queue):
        self.model = model
        self.max_batch, self.max_wait, self.max_queue = max_batch, max_wait, max_queue
        self.ready = False
        self._came = asyncio.Event()

    async def start(self):
        # The first call is the slow one: nobody waits for it but us.
        await self.model.predict([vector({"hours": 0}, self.model.card)])
        self._working = asyncio.create_task(self._work())
        self.ready = True

    async def predict(self, row):
        numbers = vector(row, self.model.card)  # a bad row is refused before it meets others
        if not self.ready or len(self._waiting) >= self.max_queue:
            raise Unavailable
        loop = asyncio.get_running_loop()
        answer = loop.create_future()
        self._waiting.append((loop.time(), numbers, answer))
        self._came.set()
        return await answer

    async def _next_batch(self):
        """Wait until a batch is full or the oldest request has waited long enough."""
        while not self._waiting:
            self._came.clear()
            await self._came.wait()
        try:
            async with asyncio.timeout_at(self._waiting[0][0] + self.max_wait):
                while len(self._waiting) < self.max_batch:
                    self._came.clear()
                    await self._came.wait()
        except TimeoutError:
            pass
        size = min(self.max_batch, len(self._waiting))
        return [self._waiting.popleft() for _ in range(size)]

    async def _work(self):
        # One call at a time: what comes meanwhile is the next batch.
        while True:
            batch = await self._next_batch()
            try:
                scores = await self.model.predict([numbers for _, numbers, _ in batch])
            except Exception as fault:
                for _, _, answer in batch:
                    if not answer.done():
                        answer.set_exception(fault)
                continue
            for (_, _, answer), score in zip(batch, scores, strict=True):
                if not answer.done():  # the caller may have gone
                    answer.set_result(float(score))


async def measure(client, path, rows, starts):
    """Send each row at its start, whatever became of the others; count from that start."""
    loop = asyncio.get_running_loop()
    began = loop.time()

    async def ask(row, start):
        await asyncio.sleep(began + start - loop.time())
        try:
            answered = (await client.post(path, json=row)).status_code == 200
        except httpx.HTTPError:
            answered = False
        return answered, loop.time() - began

    ends = await asyncio.gather(*map(ask, rows, starts))
    good = [(start, end) for start, (answered, end) in zip(starts, ends, strict=True) if answered]
    report = {"answered": len(good), "failed": len(ends) - len(good)}
    if not good:
        return {**report, "p50": math.nan, "p99": math.nan, "per_second": 0.0}
    p50, p99 = np.percentile([end - start for start, end in good], [50, 99])
    seconds = max(end for _, end in good) - min(starts)
    return {**report, "p50": p50, "p99": p99, "per_second": len(good) / seconds}


def choose(need, cost):
    """Say which way costs less of the model's time, among those that are in time."""
    if need["within"] < DAY:
        return "real time"
    n_calls = math.ceil(need["rows"] / cost["max_rows"])
    night = n_calls * cost["fixed"] + need["rows"] * cost["per_row"]
    day = need["asked"] * (cost["fixed"] + cost["per_row"])
    return "batch" if night <= day else "real time"
