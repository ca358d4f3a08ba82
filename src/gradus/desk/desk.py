"""What every act of a person needs: the catalogue, the workspace, the record and the pool.

It must not do anything by itself: the functions of this room take it as their first argument.
"""

import contextlib
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from gradus.catalogue import load_catalogue
from gradus.core.catalogue import Catalogue
from gradus.core.errors import LedgerError, UsageError
from gradus.core.work import Span
from gradus.desk.environments import find_runtime
from gradus.desk.record import open_record
from gradus.desk.timing import TIME, Timekeeper, TimeSeen, time_facts
from gradus.desk.workspace import Workspace, find_workspace
from gradus.judge import Drawn, Pool
from gradus.ledger import Ledger
from gradus.ledger.store import now
from gradus.sandbox.layers import require_every_layer


def strict_asked() -> bool:
    """Say whether this person's settings ask to judge behind every layer, or not at all."""
    return os.environ.get("GRADUS_STRICT", "") not in ("", "0")


@dataclass
class Desk:
    """A place to work at; closing it ends the warm parents and lets go of the record."""

    catalogue: Catalogue
    """All that there is to learn."""
    workspace: Workspace | None
    """The learner's folder, if there is one."""
    pool: Pool
    """Warm parents for the judge."""
    drawn: dict[str, Drawn] = field(default_factory=dict, repr=False)
    """What the next check of a lab tries, by the lab's id, for the labs that were checked last."""
    _ledger: Ledger | None = None
    _time: Timekeeper | None = None
    _seen: TimeSeen = field(default_factory=TimeSeen)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def here(self) -> Workspace:
        """Return the workspace; raises UsageError with the command that makes one."""
        if self.workspace is None:
            raise UsageError("There is no workspace yet. `gradus start` makes one.")
        return self.workspace

    def ledger(self) -> Ledger:
        """Return the workspace's record, opened once."""
        with self._lock:
            if self._ledger is None:
                self._ledger = open_record(self.here())
            return self._ledger

    def time(self) -> Timekeeper:
        """Return what measures time on labs and keeps it in the record."""
        ledger = self.ledger()
        with self._lock:
            if self._time is None:
                self._time = Timekeeper(lambda span: _keep(ledger, span), now)
            return self._time

    def time_at_work(self) -> tuple[Span, ...]:
        """Return all time at work that the record bears out so far, every minute once."""
        return self._seen.upto(self.ledger())

    def keep_time(self) -> None:
        """Write the time that was measured and is not in the record yet."""
        if self._time is not None:
            self._time.close()

    def close(self) -> None:
        """Keep the time that was measured, end the warm parents and let go of the record."""
        self.keep_time()
        self.pool.close()
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None
            self._seen = TimeSeen()

    def __enter__(self) -> Self:
        """Return the desk itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()


def _keep(ledger: Ledger, span: Span) -> None:
    """Append a span; a record that cannot take it costs this time and stops nothing else."""
    with contextlib.suppress(LedgerError):
        ledger.append(TIME, time_facts(span))


def sit_down(
    workspace: Workspace | None = None,
    *,
    content: Path | None = None,
    extra_labs: Path | None = None,
    strict: bool = False,
) -> Desk:
    """Return a desk at the given workspace, else at the one around this folder or at home.

    `strict` judges behind every layer of isolation; raises PrerequisiteError with what is missing
    where this machine has not all of them.
    """
    if strict:
        require_every_layer()
    catalogue = load_catalogue(content, extra_labs)
    pool = Pool(find_runtime(catalogue), strict=strict)
    return Desk(catalogue, workspace or find_workspace(), pool)
