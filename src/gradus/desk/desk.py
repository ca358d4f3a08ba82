"""What every act of a person needs: the catalogue, the workspace, the record and the pool.

It must not do anything by itself: the functions of this room take it as their first argument.
"""

import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from gradus.catalogue import load_catalogue
from gradus.core.catalogue import Catalogue
from gradus.core.errors import UsageError
from gradus.desk.environments import find_runtime
from gradus.desk.record import open_record
from gradus.desk.workspace import Workspace, find_workspace
from gradus.judge import Pool
from gradus.ledger import Ledger


@dataclass
class Desk:
    """A place to work at; closing it ends the warm parents and lets go of the record."""

    catalogue: Catalogue
    """All that there is to learn."""
    workspace: Workspace | None
    """The learner's folder, if there is one."""
    pool: Pool
    """Warm parents for the judge."""
    _ledger: Ledger | None = None
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

    def close(self) -> None:
        """End the warm parents and let go of the record."""
        self.pool.close()
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None

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


def sit_down(
    workspace: Workspace | None = None,
    *,
    content: Path | None = None,
    extra_labs: Path | None = None,
) -> Desk:
    """Return a desk at the given workspace, else at the one around this folder or at home."""
    catalogue = load_catalogue(content, extra_labs)
    return Desk(catalogue, workspace or find_workspace(), Pool(find_runtime(catalogue)))
