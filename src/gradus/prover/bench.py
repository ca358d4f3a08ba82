"""What a proof works with: the declaration, its rows, a service, a place, chance, and a record.

It must not decide anything about a service.
"""

import contextlib
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from gradus.core.proof import Moment, Plot
from gradus.core.service import Quoted, ServiceDeclaration
from gradus.prover import alerts, commands
from gradus.prover.claims import BrokenService, Claim, Claims
from gradus.prover.commands import Ran
from gradus.prover.contract import Contract, Row
from gradus.prover.lines import write_lines
from gradus.prover.ownership import target_of
from gradus.prover.process import free_port
from gradus.prover.service import Service
from gradus.prover.traffic import Target, Traffic
from gradus.sandbox.printing import printable


@dataclass
class Offline:
    """The predictions of the declared batch, computed once for all proofs of a run."""

    predictions: list[Any] | None = None
    """One a row; None until they were asked for."""
    fault: BrokenService | None = None
    """Why there are none, so that a batch that hangs is waited for only once."""


@dataclass
class Bench:
    """What one proof gets."""

    declaration: ServiceDeclaration
    """What the owner declared."""
    contract: Contract
    """How predictions are asked for."""
    rows: Sequence[Row]
    """Valid rows, at least two."""
    rng: np.random.Generator
    """Where everything drawn comes from; its seed is kept with the outcome."""
    folder: Path
    """An empty folder that goes when the proof is over."""
    logs: Path
    """Where raw logs are kept."""
    labelled: Sequence[Row] | None = None
    """Labelled rows in the place of the declared file; None where that file counts."""
    quoted: Quoted | None = None
    """What the project says of its own predictions; None where nobody asks."""
    quick: bool = False
    """Whether a shorter run with wider bounds is asked for."""
    offline: Offline = field(default_factory=Offline)
    """What the proofs of one run share."""
    schemathesis: Path | None = None
    """The interpreter of the environment that has schemathesis; None where it is not installed."""
    claims: Claims = field(default_factory=Claims)
    """What was reached so far."""
    notes: list[str] = field(default_factory=list)
    """Sentences that stand beside the claims."""
    moments: list[Moment] = field(default_factory=list)
    """The timeline."""
    plots: list[Plot] = field(default_factory=list)
    """What the report draws."""
    began: float = field(default_factory=time.monotonic)
    """When the proof began, on the clock that never goes back."""
    _n_logs: int = 0

    def claim(self, sentence: str) -> AbstractContextManager[Claim]:
        """Look at one claim: what is found against it inside the context makes it fail."""
        return self.claims.claim(sentence)

    def moment(self, what: str, *, ours: bool = True) -> None:
        """Note on the timeline what was done to the service, or what it did."""
        after = round(time.monotonic() - self.began, 3)
        self.moments.append(Moment(after, printable(what), ours))

    def note(self, sentence: str) -> None:
        """Say what no claim says: what could not be looked at, and what would help."""
        self.notes.append(printable(sentence))

    def keep(self, name: str, records: Iterable[Mapping[str, Any]]) -> Path:
        """Write a raw log as JSON Lines from which the figures can be computed again."""
        self.logs.mkdir(parents=True, exist_ok=True)
        return write_lines(self.logs / f"{name}.jsonl", records, or_text=True)

    def keep_traffic(self, name: str, traffic: Traffic) -> Path:
        """Write every exchange of a run with its times."""
        return self.keep(
            name,
            (
                {
                    "number": e.number,
                    "intended": round(e.intended, 6),
                    "picked": round(e.picked, 6),
                    "ended": round(e.ended, 6),
                    "outcome": str(e.outcome),
                    "code": e.response.code,
                }
                for e in traffic.exchanges
            ),
        )

    @contextlib.asynccontextmanager
    async def service(self, environment: Mapping[str, str] | None = None) -> AsyncIterator[Service]:
        """Start the service on a free port and wait until it is ready, or meet it at its URL.

        It is ended with the context, and everything that it started with it.
        """
        service = self.unstarted(environment)
        try:
            self.moment("the service starts" if self.declaration.start else "the service is met")
            await service.begin()
            self.moment("the service is ready", ours=False)
            yield service
        finally:
            await service.end()

    def unstarted(self, environment: Mapping[str, str] | None = None) -> Service:
        """Return the service before its start; whoever begins it ends it."""
        if self.declaration.start:
            target = Target("127.0.0.1", free_port())
        else:
            target = target_of(self.declaration.url)
        self._n_logs += 1
        log = self.folder / f"service-{self._n_logs}.log"
        # A stream of its own: how often it is asked hangs on time, and later draws must not.
        (own,) = self.rng.spawn(1)
        return Service(self.declaration, self.contract, target, environment or {}, log, own)

    def listening(self) -> AbstractAsyncContextManager[alerts.Listener]:
        """Hear alerts where they were declared to appear; begin before the service is started."""
        assert self.declaration.alerts is not None, "the proof needs `alerts`"
        return alerts.listening(self.declaration.alerts, self.declaration.folder)

    async def run(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        limit: float = commands.LONGEST,
        **places: str | Path,
    ) -> Ran:
        """Run one of the declared commands to its end; keywords are what stands in braces."""
        self._n_logs += 1
        log = self.folder / f"command-{self._n_logs}.log"
        return await commands.run(
            command,
            self.declaration.folder,
            {name: str(value) for name, value in places.items()},
            log,
            environment={**self.declaration.environment, **(environment or {})},
            limit=limit,
        )

    async def batch(self, rows: Sequence[Row]) -> list[Any]:
        """Return the offline predictions of any rows, by the declared command."""
        self._n_logs += 1
        given = self.folder / f"rows-{self._n_logs}.jsonl"
        answered = self.folder / f"predictions-{self._n_logs}.jsonl"
        write_lines(given, rows)
        ran = await self.run(self.declaration.offline, rows=given, predictions=answered)
        if not ran.went_well:
            raise BrokenService("The offline batch predicts every row.", ran.as_finding())
        return commands.read_predictions(answered, len(rows), ran)

    async def expected(self) -> list[Any]:
        """Return the offline prediction of every valid row, computed once for all proofs."""
        if self.offline.fault is not None:
            raise self.offline.fault
        if self.offline.predictions is None:
            try:
                self.offline.predictions = await self.batch(self.rows)
            except BrokenService as fault:
                self.offline.fault = fault
                raise
        return self.offline.predictions
