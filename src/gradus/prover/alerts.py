"""Hearing a service's alerts, wherever it was declared that they appear.

It must not judge whether an alert was right.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from gradus.core.service import AlertKind, Alerts
from gradus.prover import incoming
from gradus.prover.claims import InvalidRun
from gradus.prover.exchange import Request
from gradus.prover.lines import read_file
from gradus.prover.traffic import Target, ask

LOOKED_EVERY = 0.1
"""Seconds between two looks at a file or an endpoint."""
MOST_HELD = 64 * 2**20
"""Characters of alerts that are kept, each counted with what keeping it takes."""
TOO_MANY = (
    f"The service sent more alerts than can be kept: {MOST_HELD // 2**20} MiB of them. "
    "Let it alert once for what it found."
)
_KEEPING = 256
_RECEIVED = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert, as it was heard."""

    at: float
    """When, as a Unix time in seconds."""
    text: str
    """What it said."""


class Listener:
    """Hears alerts from its start on."""

    def __init__(self, alerts: Alerts, folder: Path) -> None:
        self._alerts = alerts
        self._file = folder / alerts.place
        self._known: str | None = None
        self._looking = asyncio.Lock()
        self._heard: list[Alert] = []
        self._held = 0
        self._target: Target | None = None
        self.environment: dict[str, str] = {}
        """What a service must be given to find us; empty but for a webhook."""

    @property
    def heard(self) -> tuple[Alert, ...]:
        """Return every alert so far; raises InvalidRun where they were too many to keep."""
        if self._held > MOST_HELD:
            raise InvalidRun(TOO_MANY)
        return tuple(self._heard)

    async def attend(self, target: Target) -> None:
        """Look at this service's endpoint from now on; what is there already is not heard."""
        self._target = target
        if self._alerts.kind is AlertKind.ENDPOINT:
            await self.look()

    async def until(self, count: int, seconds: float) -> bool:
        """Wait until so many alerts were heard in all, or a time is over; say whether they were."""
        end = time.monotonic() + seconds
        while len(self._heard) < count and time.monotonic() < end:
            await asyncio.sleep(LOOKED_EVERY / 2)
        return len(self._heard) >= count

    async def called(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one call of a webhook."""
        body = await incoming.answer(reader, writer, _RECEIVED)
        if body is not None:
            self._hear(body.decode("utf-8", "replace"))

    async def look_on(self) -> None:
        """Look at the file or the endpoint for ever."""
        while True:
            await self.look()
            await asyncio.sleep(LOOKED_EVERY)

    async def look(self) -> None:
        """Look at the file or the endpoint once; what the first look sees was there before."""
        async with self._looking:
            text = await self._text()
            if text is not None:
                self._compare(text)

    async def _text(self) -> str | None:
        if self._alerts.kind is AlertKind.FILE:
            try:
                return read_file(self._file).decode("utf-8", "replace")
            except OSError:
                return ""
        if self._target is None:
            return None
        exchange = await ask(self._target, Request("GET", self._alerts.place), timeout=5.0)
        return exchange.response.body.decode("utf-8", "replace") if exchange.good else None

    def _compare(self, text: str) -> None:
        if self._known is not None and text != self._known:
            new = text.removeprefix(self._known) if text.startswith(self._known) else text
            if self._alerts.kind is AlertKind.FILE:
                for line in filter(None, map(str.strip, new.split("\n"))):
                    self._hear(line)
            else:
                self._hear(text)
        self._known = text

    def _hear(self, text: str) -> None:
        self._held += _KEEPING + len(text)
        if self._held <= MOST_HELD:
            self._heard.append(Alert(time.time(), text))


@contextlib.asynccontextmanager
async def listening(alerts: Alerts, folder: Path) -> AsyncIterator[Listener]:
    """Hear alerts until the context is left.

    A webhook's calls, the new lines of a file, or each change of what an endpoint answers.
    """
    listener = Listener(alerts, folder)
    if alerts.kind is AlertKind.WEBHOOK:
        server = await asyncio.start_server(listener.called, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        listener.environment[alerts.place] = f"http://127.0.0.1:{port}/"
        async with server:
            yield listener
        return
    await listener.look()
    looking = asyncio.create_task(listener.look_on())
    try:
        yield listener
    finally:
        looking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await looking
