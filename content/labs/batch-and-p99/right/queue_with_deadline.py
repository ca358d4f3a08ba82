"""asyncio.Queue with wait_for on what is left of the wait; pandas for the night."""

import asyncio
import time

import httpx
import numpy as np
import pandas as pd


class Unavailable(Exception):
    pass


def vectors(table, card):
    """Return an (n, 2) array, with NaN in rows that cannot be scored."""
    amount = table["amount"].where(table["amount"] != "", card["median_amount"])
    numbers = np.column_stack(
        [
            pd.to_numeric(amount, errors="coerce").to_numpy(dtype=float),
            pd.to_numeric(table["hours"], errors="coerce").to_numpy(dtype=float),
        ]
    )
    bad = ~np.isfinite(numbers).all(axis=1) | (numbers < 0).any(axis=1)
    numbers[bad] = np.nan
    numbers[:, 0] = np.log1p(numbers[:, 0])
    return numbers


async def score_file(model, source, target):
    table = pd.read_csv(source, dtype=str, keep_default_na=False)
    numbers = vectors(table, model.card)
    scores = np.full(len(table), np.nan)
    good = np.flatnonzero(~np.isnan(numbers[:, 0]))
    for part in np.split(good, range(model.max_rows, len(good), model.max_rows)):
        if len(part):
            scores[part] = await model.predict(numbers[part])
    pd.DataFrame({"id": table["id"], "score": scores}).to_csv(target, index=False)


class Service:
    def __init__(self, model, max_batch, max_wait, max_queue):
        self.model, self.max_batch, self.max_wait = model, max_batch, max_wait
        self.queue = asyncio.Queue(maxsize=max_queue)
        self.worker = None

    @property
    def ready(self):
        return self.worker is not None and not self.worker.done()

    async def start(self):
        await self.model.predict(np.zeros((1, 2)))
        self.worker = asyncio.create_task(self.work())

    async def predict(self, row):
        if not self.ready:
            raise Unavailable
        amount = row.get("amount")
        amount = self.model.card["median_amount"] if amount is None else amount
        try:
            vector = np.array([amount, row.get("hours")], dtype=float)
        except (TypeError, ValueError):
            raise ValueError(f"not numbers: {row}") from None
        if not np.isfinite(vector).all() or (vector < 0).any():
            raise ValueError(f"out of range: {row}")
        vector[0] = np.log1p(vector[0])
        answer = asyncio.get_running_loop().create_future()
        try:
            self.queue.put_nowait((vector, answer))
        except asyncio.QueueFull:
            raise Unavailable from None
        return await answer

    async def gather(self):
        batch = [await self.queue.get()]
        until = time.monotonic() + self.max_wait
        while len(batch) < self.max_batch:
            left = until - time.monotonic()
            try:
                batch.append(self.queue.get_nowait())
                continue
            except asyncio.QueueEmpty:
                pass
            if left <= 0:
                break
            try:
                batch.append(await asyncio.wait_for(self.queue.get(), left))
            except asyncio.TimeoutError:
                break
        return [(vector, answer) for vector, answer in batch if not answer.cancelled()]

    async def work(self):
        while True:
            batch = await self.gather()
            if not batch:
                continue
            try:
                scores = await self.model.predict(np.stack([vector for vector, _ in batch]))
                for (_, answer), score in zip(batch, scores, strict=True):
                    if not answer.cancelled():
                        answer.set_result(score)
            except Exception as fault:
                for _, answer in batch:
                    if not answer.done():
                        answer.set_exception(fault)


async def measure(client, path, rows, starts):
    n = len(rows)
    ends, good = np.full(n, np.nan), np.zeros(n, dtype=bool)
    began = time.time()

    async def ask(i):
        await asyncio.sleep(starts[i] - (time.time() - began))
        try:
            response = await client.post(path, json=rows[i])
            good[i] = response.status_code == httpx.codes.OK
        except httpx.TransportError:
            pass
        ends[i] = time.time() - began

    async with asyncio.TaskGroup() as group:
        for i in range(n):
            group.create_task(ask(i))
    waits = (ends - np.array(starts))[good]
    if not len(waits):
        return {"answered": 0, "failed": n, "p50": None, "p99": None, "per_second": 0.0}
    return {
        "answered": int(good.sum()),
        "failed": int((~good).sum()),
        "p50": np.quantile(waits, 0.5, method="nearest"),
        "p99": np.quantile(waits, 0.99, method="higher"),
        "per_second": good.sum() / (ends[good].max() - starts[0]),
    }


def choose(need, cost):
    if need["within"] < 86400:
        return "real time"
    night = np.ceil(need["rows"] / cost["max_rows"]) * cost["fixed"]
    night += need["rows"] * cost["per_row"]
    return "batch" if night < need["asked"] * (cost["fixed"] + cost["per_row"]) else "real time"
