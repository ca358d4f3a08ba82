"""Open-loop load: each request goes out at its time, whether earlier ones were answered or not.

It must not judge a service. It does judge itself: traffic that could not keep its schedule is no
measurement, and `Traffic.kept_its_schedule` says so.
"""

import asyncio
import gc
import math
import ssl
import time
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradus.prover.claims import InvalidRun
from gradus.prover.connection import Connection
from gradus.prover.exchange import Exchange, Outcome, Request, Response

LATEST_START = 0.002
"""Seconds by which 99 of 100 requests may be picked up late."""
MOST_CONNECTIONS = 1024
MOST_HELD = 512 * 2**20
"""Bytes of all bodies of a run; a run with more says nothing."""
TOO_MUCH = (
    f"Answers to requests that were sent together were more than {MOST_HELD // 2**20} MiB, which "
    "is too much to keep and to judge. Let the service answer with less."
)
LONGEST_IDLE = 1.0
"""Seconds after which an idle connection is not used again: the service may be closing it."""
_WORTH_COLLECTING = 100
"""Requests from which on it pays to collect garbage first, so that none is collected meanwhile."""
_SPIN = 0.0012
"""Seconds before a start at which the loop stops sleeping: its own sleep ends up to 1 ms late."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a service answers."""

    host: str
    """Name or address."""
    port: int
    """TCP port."""
    tls: bool = False
    """Whether it is met over TLS, its certificate checked."""

    @property
    def authority(self) -> str:
        """Return what stands in the `Host` header."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Traffic:
    """The raw log of a run."""

    exchanges: tuple[Exchange, ...]
    """Every request in the order of the schedule."""
    began_at: float
    """The run's start as a Unix time, in seconds."""
    cpu_seconds: float
    """CPU seconds that the generator took."""
    seconds: float
    """Seconds on the clock from the first intended start to the last end."""

    def latencies(self) -> NDArray[np.float64]:
        """Return seconds from intended start to end, infinite where no good answer came."""
        return np.array([e.latency if e.good else math.inf for e in self.exchanges])

    def lateness(self) -> NDArray[np.float64]:
        """Return seconds between intended start and the generator turning to it."""
        return np.array([e.picked - e.intended for e in self.exchanges])

    def lateness_p99(self) -> float:
        """Return the 99th percentile of the generator's own lateness, in seconds."""
        return float(np.quantile(self.lateness(), 0.99)) if self.exchanges else 0.0

    def kept_its_schedule(self, bound: float = LATEST_START) -> bool:
        """Say whether the generator was on time, so that the latencies are the service's."""
        return self.lateness_p99() <= bound


async def drive(
    target: Target,
    starts: Sequence[float] | NDArray[np.floating],
    request: Callable[[int], Request],
    *,
    timeout: float = 10.0,
    connections: int = MOST_CONNECTIONS,
) -> Traffic:
    """Send `request(i)` at `starts[i]` seconds (sorted) and return everything that happened.

    Raises InvalidRun where that is too much to keep.

    Connections are kept and reused, the one that was idle last first; where none is idle another
    is made, up to `connections`, and then requests wait, which counts as the service's time.
    """
    requests = [request(number) for number in range(len(starts))]
    run = _Run(target, [float(each) for each in starts], requests, timeout, connections)
    was_enabled = gc.isenabled()
    if len(starts) >= _WORTH_COLLECTING:
        gc.collect()
    gc.disable()
    try:
        return await run.whole()
    finally:
        if was_enabled:
            gc.enable()


async def ask(target: Target, request: Request, *, timeout: float = 10.0) -> Exchange:
    """Send one request now and return its exchange."""
    traffic = await drive(target, [0.0], lambda _: request, timeout=timeout, connections=1)
    return traffic.exchanges[0]


class _Run:
    """The state of one run."""

    def __init__(
        self,
        target: Target,
        starts: list[float],
        requests: list[Request],
        timeout: float,
        connections: int,
    ) -> None:
        self.target, self.starts = target, starts
        self.wires = [each.wire(target.authority) for each in requests]
        self.alone = {number for number, each in enumerate(requests) if each.alone}
        self.timeout, self.most = timeout, connections
        self.tls = ssl.create_default_context() if target.tls else None
        self.idle: list[tuple[Connection, float]] = []
        self.waiting: deque[int] = deque()
        self.n_open = 0
        self.picked = [math.nan] * len(starts)
        self.sent = [math.nan] * len(starts)
        self.done: list[Exchange | None] = [None] * len(starts)
        self.left = len(starts)
        self.under_way: dict[int, Connection] = {}
        self.opening: set[asyncio.Task[None]] = set()
        self.over = asyncio.Event()
        self.held = 0
        self.zero = 0.0

    async def whole(self) -> Traffic:
        """Run to the end."""
        if not self.starts:
            return Traffic((), time.time(), 0.0, 0.0)
        cpu = time.process_time()
        self.zero = time.perf_counter() + 0.01
        began_at = time.time() + 0.01
        watch = asyncio.create_task(self._watch())
        try:
            await self._send_all()
            await self.over.wait()
            if self.held > MOST_HELD:
                raise InvalidRun(TOO_MUCH)
        finally:
            watch.cancel()
            for each in self.opening:
                each.cancel()
            for connection in [*(each for each, _ in self.idle), *self.under_way.values()]:
                connection.close()
        exchanges = tuple(each for each in self.done if each is not None)
        length = max(each.ended for each in exchanges) - self.starts[0]
        return Traffic(exchanges, began_at, time.process_time() - cpu, length)

    def now(self) -> float:
        """Return seconds since the run's start."""
        return time.perf_counter() - self.zero

    async def _send_all(self) -> None:
        number, last = 0, len(self.starts)
        while number < last and not self.over.is_set():
            now = self.now()
            while number < last and self.starts[number] <= now:
                self.picked[number] = now
                self._dispatch(number)
                number += 1
                now = self.now()
            if number < last:
                rest = self.starts[number] - self.now()
                await asyncio.sleep(rest - _SPIN if rest > 2 * _SPIN else 0)

    def _dispatch(self, number: int) -> None:
        if number in self.alone:
            self._begin_opening(self._open_for(number))
            return
        while self.idle:
            connection, since = self.idle.pop()
            if connection.open and self.now() - since < LONGEST_IDLE:
                self._carry(connection, number)
                return
            connection.close()
            self.n_open -= 1
        self.waiting.append(number)
        self._open_another()

    def _open_another(self) -> None:
        if self.n_open < self.most:
            self.n_open += 1
            self._begin_opening(self._open())

    def _begin_opening(self, coroutine: Coroutine[Any, Any, None]) -> None:
        opening = asyncio.get_running_loop().create_task(coroutine)
        self.opening.add(opening)
        opening.add_done_callback(self.opening.discard)

    async def _open_for(self, number: int) -> None:
        """Carry one request on a connection of its own, beside those that are counted."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self.timeout):
                _, connection = await loop.create_connection(
                    lambda: Connection(Connection.close),
                    self.target.host,
                    self.target.port,
                    ssl=self.tls,
                )
        except TimeoutError:
            self._end(number, Outcome.TIMED_OUT, Response(0))
        except OSError:
            self._end(number, Outcome.REFUSED, Response(0))
        else:
            self.n_open += 1
            self._carry(connection, number)

    async def _open(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            _, connection = await loop.create_connection(
                lambda: Connection(self._freed), self.target.host, self.target.port, ssl=self.tls
            )
        except OSError:
            self.n_open -= 1
            if self.waiting:
                self._end(self.waiting.popleft(), Outcome.REFUSED, Response(0))
            return
        self._freed(connection)

    def _carry(self, connection: Connection, number: int) -> None:
        self.under_way[number] = connection
        self.sent[number] = self.now()
        connection.carry(
            self.wires[number],
            lambda outcome, response: self._ended(number, connection, outcome, response),
        )

    def _freed(self, connection: Connection) -> None:
        """Give an idle connection to whoever waits longest."""
        if self.waiting:
            self._carry(connection, self.waiting.popleft())
        else:
            self.idle.append((connection, self.now()))

    def _ended(
        self, number: int, connection: Connection, outcome: Outcome, response: Response
    ) -> None:
        if self.under_way.get(number) is connection:
            del self.under_way[number]
        if not connection.open:
            self.n_open -= 1
            if self.waiting:
                self._open_another()
        self.held += len(response.body)
        if self.held > MOST_HELD:
            self.over.set()
        self._end(number, outcome, response)

    def _end(self, number: int, outcome: Outcome, response: Response) -> None:
        if self.done[number] is not None:
            return
        self.done[number] = Exchange(
            number,
            self.starts[number],
            self.picked[number],
            self.sent[number],
            self.now(),
            outcome,
            response,
        )
        self.left -= 1
        if self.left == 0:
            self.over.set()

    async def _watch(self) -> None:
        """Give up what is not answered in time."""
        while True:
            await asyncio.sleep(min(0.1, self.timeout / 4))
            late = self.now() - self.timeout
            while self.waiting and self.picked[self.waiting[0]] < late:
                self._end(self.waiting.popleft(), Outcome.TIMED_OUT, Response(0))
            for number, connection in list(self.under_way.items()):
                if self.picked[number] < late:
                    connection.give_up(Outcome.TIMED_OUT)
