"""A service while a proof meets it: started on a free port or found at its address, asked, ended.

It must not judge what a service answers.
"""

import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradus.core.service import ServiceDeclaration
from gradus.core.verdict import Finding
from gradus.prover.claims import BrokenService, InvalidRun
from gradus.prover.commands import filled
from gradus.prover.contract import BrokenContract, Contract, Row, at_way, plain, shown
from gradus.prover.exchange import Exchange, Outcome, Request
from gradus.prover.invented import fresh_identifier
from gradus.prover.machine import Watch
from gradus.prover.process import Process, port_holder, port_is_taken
from gradus.prover.traffic import Target, Traffic, ask, drive
from gradus.sandbox.printing import printable

READY = "The service gets ready."
_MOST_PATIENCE = 3.0
"""How often the declared time is added, at most, where other programs take the machine."""
_ASKED_EVERY = 0.1
"""Seconds between two questions whether it is ready."""


class Service:
    """A service that answers at `target`; where a command starts it, `process` is its process."""

    def __init__(
        self,
        declaration: ServiceDeclaration,
        contract: Contract,
        target: Target,
        environment: Mapping[str, str],
        log: Path,
        rng: np.random.Generator,
    ) -> None:
        self.declaration = declaration
        self.contract = contract
        self.target = target
        self.environment = environment
        self.log = log
        self._rng = rng
        self._process: Process | None = None
        self.ready_after = 0.0
        """Seconds from its last start until it was ready."""
        self.ready_waited = 0.0
        """How many of them it waited for a processor that other programs had."""

    @property
    def process(self) -> Process:
        """Return the started process; only where the declaration has a start command."""
        assert self._process is not None, "a service met by its address has no process"
        return self._process

    @property
    def is_ours(self) -> bool:
        """Say whether we started it."""
        return self._process is not None

    async def begin(self) -> None:
        """Start it and wait until it is ready; raises BrokenService where it never is.

        After `crash` or `end` the same service begins again, on the same port. Raises InvalidRun
        where another program took that meanwhile.
        """
        if self.declaration.start:
            if port_is_taken(self.target.port):
                raise self._never_ready(self._left_behind())
            command = filled(self.declaration.start, {"port": str(self.target.port)})
            self._process = Process.start(
                command, self.declaration.folder, self._variables(), self.log
            )
        await self._until_ready()

    async def crash(self) -> None:
        """End it as a crash does: SIGKILL to all of its processes at once."""
        await asyncio.to_thread(self.process.kill)

    async def end(self) -> None:
        """End it as an operator does, and everything that it left behind."""
        if self._process is not None:
            await asyncio.to_thread(self._process.stop)
            self._process = None

    async def ask(self, request: Request, *, timeout: float = 10.0) -> Exchange:
        """Send one request now."""
        return await ask(self.target, request, timeout=timeout)

    async def drive(
        self,
        starts: Sequence[float] | NDArray[np.floating],
        request: Callable[[int], Request],
        *,
        timeout: float = 10.0,
    ) -> Traffic:
        """Send `request(i)` at `starts[i]` seconds, whatever becomes of earlier ones."""
        return await drive(self.target, starts, request, timeout=timeout)

    def request(self, rows: Sequence[Row], identifier: str = "") -> Request:
        """Return the request for predictions of rows; without an identifier it gets a fresh one."""
        terms = self.declaration.contract
        return self.contract.encode(terms, rows, identifier or fresh_identifier(self._rng))

    def predictions(self, exchange: Exchange, n_rows: int) -> list[Any]:
        """Return what a good exchange predicts; raises BrokenContract otherwise."""
        try:
            found = self.contract.decode(self.declaration.contract, exchange.response, n_rows)
        except RecursionError:
            raise BrokenContract("the answer has too many levels") from None
        return [plain(each) for each in found]

    def watch(self) -> Watch:
        """Look at the machine, and at the service's processes where we started it."""
        return Watch(self._process)

    async def version(self) -> str:
        """Return the version that the service names; raises BrokenService where it names none."""
        path, _, way = self.declaration.version.partition("#")
        exchange = await self.ask(Request("GET", path))
        value = at_way(exchange.response.body, way) if exchange.good else None
        if value is None or isinstance(value, dict | list):
            finding = Finding(f"GET {path}", what_came(exchange), f"JSON with '{way or 'version'}'")
            raise BrokenService("The service names its version.", finding)
        return printable(str(value))

    async def _until_ready(self) -> None:
        """Ask until it is ready; what it waited for a processor that others had is added."""
        loop = asyncio.get_running_loop()
        began, at = loop.time(), time.time()
        bound = self.declaration.promises.ready_seconds
        request = self.contract.ready(self.declaration.contract)
        last, waited = "", 0.0
        async with self.watch() as watch:
            while loop.time() - began < bound + min(waited, _MOST_PATIENCE * bound):
                if self._process is not None and not self._process.running:
                    ended = f"it ended with exit code {self._process.exit_code}"
                    left = port_is_taken(self.target.port) and self._left_behind()
                    raise self._never_ready(f"{ended}, and {left}" if left else ended)
                exchange = await ask(self.target, request, timeout=min(5.0, bound))
                waited = watch.waited(at, time.time())
                if exchange.good:
                    self.ready_after, self.ready_waited = loop.time() - began, waited
                    return
                if exchange.outcome is not Outcome.REFUSED:
                    last = f"{request.method} {request.path}: {what_came(exchange)}"
                await asyncio.sleep(_ASKED_EVERY)
        raise self._never_ready(f"after {bound:g} s: {last or self._nobody_listens()}")

    def _left_behind(self) -> str:
        """Say what of the service listens on its port; raises InvalidRun for another program.

        The port was free when it was chosen. Whoever was given it as the service is is a part of
        it, though its process may have ended.
        """
        port = self.target.port
        holder = port_holder(port)
        if holder is not None and holder.was_given("PORT", str(port)):
            return f"something that it left behind listens on the port {port}, {holder}"
        who = f"({holder})" if holder else "(the system does not say which; another user's?)"
        raise InvalidRun(
            f"The port {port} was taken by another program {who} before the service could listen "
            "there. End that program, or run the proof again: each run takes a port that is free."
        )

    def _nobody_listens(self) -> str:
        others = self._process.ports() if self._process is not None else []
        instead = f"; it listens on {', '.join(map(str, others))} instead" if others else ""
        return f"nobody listens on the port {self.target.port}{instead}"

    def _never_ready(self, what: str) -> BrokenService:
        words = " ".join(self.declaration.start) or self.declaration.url
        said = self._process.said() if self._process is not None else ""
        note = f"It printed: {said.splitlines()[-1]}" if said else ""
        request = self.contract.ready(self.declaration.contract)
        expected = f"2xx at {request.path} within {self.declaration.promises.ready_seconds:g} s"
        return BrokenService(READY, Finding(words, what, expected, note=note))

    def _variables(self) -> dict[str, str]:
        platform = self.contract.environment(self.declaration.contract, self.target.port)
        port = {"PORT": str(self.target.port)}
        declared = self.declaration.environment
        return {**os.environ, **declared, **port, **platform, **self.environment}


def what_came(exchange: Exchange) -> str:
    """Return in a few words how a request ended."""
    match exchange.outcome:
        case Outcome.ANSWERED:
            body = shown(exchange.response)
            return f"{exchange.response.code}" + (f": {body}" if body else "")
        case Outcome.REFUSED:
            return "no connection could be made"
        case Outcome.CLOSED:
            return "the connection ended before the answer was whole"
        case Outcome.MALFORMED:
            return "something that is not HTTP"
        case Outcome.TOO_LARGE:
            return "an answer without end"
        case Outcome.TIMED_OUT:
            return f"no whole answer within {exchange.latency:.1f} s"
