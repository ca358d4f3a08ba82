"""Time on labs: signs of work become spans, spans become rows, rows become minutes.

It must not guess: what no sign bounds is not counted.
"""

import threading
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta

from gradus.core.errors import UsageError
from gradus.core.work import PAUSE, Sign, Span
from gradus.ledger import Row
from gradus.planner.work import counted_once, minutes_by_lab, spans_between

TIME = "time"
PAGE, SAVE, RECORD, CARDS = "page", "save", "record", "cards"
SEEN_BY = {
    PAGE: "with a lab's page in front of you",
    SAVE: "between saves of your files",
    RECORD: "between facts of the record",
    CARDS: "on cards",
}
"""How the time of each source came to be, as a person reads it."""
OF_WORK = {"attempt", "hint", "revealed", "note"}
ROW_EVERY = timedelta(minutes=2)
"""A span is written at least this often, so that a `kill -9` loses no more."""
JITTER = timedelta(seconds=2)
"""Two reports of one page that lie this close together are one span."""
LONGEST_REPORT = PAUSE + timedelta(seconds=60)


class Timekeeper:
    """Joins what pages and saves report, and keeps it as few rows; several threads may report."""

    def __init__(self, keep: Callable[[Span], None], clock: Callable[[], datetime]) -> None:
        self._keep = keep
        self._clock = clock
        self._open: Span | None = None
        self._saved_at: datetime | None = None
        self._lock = threading.Lock()

    def worked(self, lab: str, seconds: float, ago: float = 0.0) -> None:
        """Take a page's report of work with it in front, which ended some seconds ago.

        Raises UsageError for a report that no page sends.
        """
        longest = LONGEST_REPORT.total_seconds()
        if not (0 < seconds <= longest and 0 <= ago <= longest):
            raise UsageError(f"A page reports between 0 and {longest:g} seconds of work at once.")
        ended = self._clock() - timedelta(seconds=ago)
        with self._lock:
            self._take(Span(lab, ended - timedelta(seconds=seconds), ended, PAGE))

    def saved(self, lab: str) -> None:
        """Take notice of a save; the time since the save before it counts if that was close."""
        now = self._clock()
        with self._lock:
            before, self._saved_at = self._saved_at, now
            if before is not None and before < now <= before + PAUSE:
                self._take(Span(lab, before, now, SAVE))

    def close(self) -> None:
        """Keep what is not written yet."""
        with self._lock:
            self._write()

    def _take(self, span: Span) -> None:
        last = self._open
        if last is not None and _goes_on(last, span):
            span = Span(last.lab, last.began, span.ended, last.source)
            self._open = None
        self._write()
        self._open = span
        if span.ended - span.began >= ROW_EVERY:
            self._write()

    def _write(self) -> None:
        span, self._open = self._open, None
        if span is not None and span.began < span.ended:
            self._keep(span)


def _goes_on(last: Span, span: Span) -> bool:
    is_near = last.began <= span.began and abs(span.began - last.ended) <= JITTER
    return is_near and (last.lab, last.source) == (span.lab, span.source)


def time_facts(span: Span) -> dict[str, str | float]:
    """Return the facts of a row of time."""
    return {
        "lab": span.lab,
        "source": span.source,
        "began": span.began.astimezone(UTC).isoformat(timespec="milliseconds"),
        "ended": span.ended.astimezone(UTC).isoformat(timespec="milliseconds"),
        "pause_seconds": PAUSE.total_seconds(),
    }


def time_at_work(rows: Iterable[Row]) -> tuple[Span, ...]:
    """Return all time at work that the record bears out, every minute once."""
    spans: list[Span] = []
    signs: list[Sign] = []
    for row in rows:
        at, lab = datetime.fromisoformat(row.at), str(row.facts.get("lab", ""))
        if row.kind == TIME:
            began, ended = str(row.facts["began"]), str(row.facts["ended"])
            source = str(row.facts["source"])
            spans.append(
                Span(lab, datetime.fromisoformat(began), datetime.fromisoformat(ended), source)
            )
        elif "seconds" in row.facts and row.kind == "review":
            took = timedelta(seconds=float(row.facts["seconds"]))
            spans.append(Span("", at - took, at, CARDS))
        elif row.kind in OF_WORK:
            signs.append(Sign(lab, at))
        elif row.kind == "opened":
            signs.append(Sign(lab, at, begins=True))
    return counted_once([*spans, *spans_between(signs, RECORD)])


def recorded_minutes(rows: Iterable[Row]) -> dict[str, float]:
    """Return the minutes on each lab, by its id, as far as they were measured."""
    return minutes_by_lab(time_at_work(rows))


def local_day(at: datetime) -> date:
    """Return the day of a moment in this machine's own calendar, as its clock stood then."""
    return at.astimezone().date()
