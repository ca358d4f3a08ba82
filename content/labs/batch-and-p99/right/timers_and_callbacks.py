"""Timers and callbacks instead of a loop that gathers."""

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
    """No worker: whoever completes a batch sends it, or a timer does, or the end of a call."""

    def __init__(self, model, max_batch, max_wait, max_queue):
        self.model = model
        self.max_batch, self.max_wait, self.max_queue = max_batch, max_wait, max_queue
        self.ready = False
        self._waiting, self._due, self._timer, self._call = deque(), False, None, None

    async def start(self):
        await asyncio.gather(*(self.model.predict([[0.0, 0.0]] * n) for n in (1, self.max_batch)))
        self.ready = True

    def predict(self, row):
        return self._admit(vector(row, self.model.card))

    async def _admit(self, numbers):
        if not self.ready or len(self._waiting) == self.max_queue:
            raise Unavailable("full" if self.ready else "not ready")
        answer = asyncio.get_running_loop().create_future()
        self._waiting.append((numbers, answer))
        if self._timer is None and not self._due:
            self._timer = asyncio.get_running_loop().call_later(self.max_wait, self._ring)
        self._send()
        return await answer

    def _ring(self):
        self._timer, self._due = None, True
        self._send()

    def _send(self):
        if self._call is not None or not self._waiting:
            return
        if len(self._waiting) < self.max_batch and not self._due:
            return
        n = min(self.max_batch, len(self._waiting))
        batch = [self._waiting.popleft() for _ in range(n)]
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._due = None, False
        self._call = asyncio.ensure_future(self.model.predict([each for each, _ in batch]))
        self._call.add_done_callback(lambda call: self._tell(batch, call))

    def _tell(self, batch, call):
        self._call = None
        for place, (_, answer) in enumerate(batch):
            if answer.cancelled():
                continue
            if call.exception() is not None:
                answer.set_exception(call.exception())
            else:
                answer.set_result(call.result()[place])
        self._due = bool(self._waiting)  # they have waited for a whole call
        self._send()


async def measure(client, path, rows, starts):
    """Let the event loop's own timers send the requests."""
    loop = asyncio.get_running_loop()
    began, asked, waits, last = loop.time(), [], [], 0.0

    async def ask(row, start):
        nonlocal last
        try:
            response = await client.request("POST", path, json=row)
        except httpx.HTTPError:
            return
        if response.is_success:
            last = loop.time() - began
            waits.append(last - start)

    def send(row, start):
        asked.append(loop.create_task(ask(row, start)))

    for row, start in zip(rows, starts, strict=True):
        loop.call_at(began + start, send, row, start)
    while len(asked) < len(rows):
        await asyncio.sleep(max(0.001, began + starts[-1] - loop.time()))
    await asyncio.wait(asked)
    n = len(waits)
    return {
        "p50": float(np.median(waits)) if n else math.nan,
        "p99": sorted(waits)[min(n - 1, int(0.99 * n))] if n else math.nan,
        "answered": n,
        "failed": len(rows) - n,
        "per_second": n / (last - starts[0]) if n else 0.0,
    }


def choose(need, cost):
    """Say which way costs less of the model's time, among those that are in time."""
    if need["within"] < DAY:
        return "real time"
    n_calls = math.ceil(need["rows"] / cost["max_rows"])
    night = n_calls * cost["fixed"] + need["rows"] * cost["per_row"]
    day = need["asked"] * (cost["fixed"] + cost["per_row"])
    return "batch" if night <= day else "real time"
