"""Notices that a learner saved a file, whichever way their editor and their system save.

Correctness comes from comparing what lies on the disk, twice a second at the least; the system's
own events only wake that comparison early. So a silent event source costs time and never a save.
It must not judge.
"""

import contextlib
import os
import threading
import warnings
from collections.abc import Callable, Collection, Iterator
from pathlib import Path, PurePosixPath

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from gradus.core.errors import UsageError
from gradus.desk.workspace import Workspace
from gradus.judge.ignored import LeavesOut, ignored

PERIOD_SECONDS = 0.5
SETTLE_SECONDS = 0.008
"""A save in several steps is over when nothing has moved for this long."""
MOST_SETTLING = 25
EMPTY_PATIENCE = 12
"""An empty file is often half a save: it is looked at this often before it is believed."""
NOT_WATCHED = {"__pycache__", ".gradus", ".venv", ".mypy_cache", ".ipynb_checkpoints"}
OF_A_COMMIT = {"HEAD", "index", "packed-refs"}
LEFTOVERS = ("~", ".swp", ".swx", ".pyc", ".tmp", ".lock")

Signature = tuple[int, int, int]
Snapshot = dict[str, dict[str, Signature]]


class _Waker(FileSystemEventHandler):
    def __init__(self, wake: threading.Event) -> None:
        self._wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Wake the comparison, unless a file was only read."""
        if event.event_type not in ("opened", "closed_no_write"):
            self._wake.set()


class Watch:
    """Calls `changed(lab_id)` after every save below the workspace's `labs/`, in its own thread.

    `projects` are the labs in which what Git would ignore is no save.
    """

    def __init__(
        self,
        workspace: Workspace,
        changed: Callable[[str], None],
        *,
        projects: Collection[str] = (),
        events: bool = True,
        period: float = PERIOD_SECONDS,
    ) -> None:
        self._labs = workspace.labs
        self._projects = projects
        self._changed = changed
        self._period = period
        self._wake = threading.Event()
        self._over = threading.Event()
        self._seen = snapshot(self._labs, projects)
        self._observer = self._observe() if events else None
        self._thread = threading.Thread(target=self._run, name="gradus-watch", daemon=True)
        self._thread.start()

    @property
    def has_events(self) -> bool:
        """Whether the system tells of saves; without that the disk is compared twice a second."""
        return self._observer is not None

    def close(self) -> None:
        """Stop watching and wait for a call that is under way."""
        self._over.set()
        self._wake.set()
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(2)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def __enter__(self) -> "Watch":
        """Return the watch itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop watching."""
        self.close()

    def _observe(self) -> BaseObserver | None:
        # A folder inside one that was made this moment is found twice, which watchdog warns of.
        warnings.filterwarnings("ignore", "Callback with id .* already exists", RuntimeWarning)
        observer = Observer()
        try:
            self._labs.mkdir(parents=True, exist_ok=True)
            observer.schedule(_Waker(self._wake), str(self._labs), recursive=True)
            observer.start()
        except (OSError, RuntimeError):  # no inotify left, a network disk, an odd system
            with contextlib.suppress(OSError, RuntimeError):
                observer.stop()
            return None
        return observer

    def _run(self) -> None:
        while not self._over.is_set():
            self._wake.wait(self._period)
            if self._over.is_set():
                return
            self._wake.clear()
            for lab in self._changes():
                if not self._over.is_set():
                    self._changed(lab)

    def _changes(self) -> list[str]:
        now = snapshot(self._labs, self._projects)
        if now == self._seen:
            return []
        now = self._settled(now)
        before, self._seen = self._seen, now
        return [lab for lab in now if lab in before and now[lab] != before[lab]]

    def _settled(self, now: Snapshot) -> Snapshot:
        for tries in range(MOST_SETTLING):
            self._over.wait(SETTLE_SECONDS)
            later = snapshot(self._labs, self._projects)
            half = tries < EMPTY_PATIENCE and _newly_empty(later, self._seen)
            if later == now and not half:
                break
            now = later
        return now


def snapshot(labs: Path, projects: Collection[str] = ()) -> Snapshot:
    """Return, for every lab's folder, what lies in it: name to time, size and place on the disk.

    In those of `projects` what Git would ignore is left out: a service writes there, nobody saves.
    """
    found: Snapshot = {}
    with contextlib.suppress(OSError):
        for lab in sorted(labs.iterdir()):
            if lab.is_dir() and not lab.name.startswith("."):
                leaves_out = ignored(lab) if lab.name in projects else None
                found[lab.name] = dict(_signatures(lab, leaves_out))
    return found


def _signatures(folder: Path, leaves_out: LeavesOut | None) -> Iterator[tuple[str, Signature]]:
    for here, folders, files in os.walk(folder):
        if leaves_out is not None:
            inside = PurePosixPath(Path(here).relative_to(folder))
            with contextlib.suppress(UsageError):  # whoever checks is told what is wrong with it
                folders[:] = [each for each in folders if not leaves_out(inside / each, True)]
                files[:] = [each for each in files if not leaves_out(inside / each, False)]
        folders[:] = [each for each in folders if each not in NOT_WATCHED]
        if Path(here).name == ".git":  # a commit moves these; objects come and go without one
            folders[:] = [each for each in folders if each == "refs"]
            files[:] = [each for each in files if each in OF_A_COMMIT]
        for name in files:
            if name.startswith(".") or name.endswith(LEFTOVERS):
                continue
            path = Path(here, name)
            with contextlib.suppress(OSError):
                stat = path.stat()
                yield str(path), (stat.st_mtime_ns, stat.st_size, stat.st_ino)


def _newly_empty(now: Snapshot, before: Snapshot) -> bool:
    """Say whether a file that had content is empty or gone."""
    for lab, files in before.items():
        for path, (_, size, _) in files.items():
            if size and now.get(lab, {}).get(path, (0, 0, 0))[1] == 0:
                return True
    return False
