"""Time on labs: signs of work become spans, spans become rows, rows become minutes.

It must not guess: what no sign bounds is not counted.
"""

import threading
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta

from gradus.core.errors import UsageError
from gradus.core.work import PAUSE, Sign, Span
from gradus.ledger import Ledger, Row
from gradus.planner.work import counted_once, minutes_by_lab, spans_between

TIME = "time"
PAGE, SAVE, RECORD, CARDS = "page", "save", "record", "cards"
SEEN_BY = {
    PAGE: "with a lab's page in front of you",
    SAVE: "between saves of your files",
    RECORD: "between one check or hint and the next",
    CARDS: "on cards",
}
"""How the time of each source came to be, as a person reads it."""
OF_WORK = {"attempt", "hint", "revealed", "note"}
TELLS_TIME = (TIME, "review", "opened", *sorted(OF_WORK))
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


class TimeSeen:
    """All time at work that the record bears out, kept up with it: each row is read once."""

    def __init__(self) -> None:
        self._seq = 0
        self._spans: list[Span] = []
        self._signs: list[Sign] = []
        self._work: tuple[Span, ...] = ()
        self._lock = threading.Lock()

    def upto(self, ledger: Ledger) -> tuple[Span, ...]:
        """Return the time up to the last row of a record, the same one each time."""
        with self._lock:
            new = list(ledger.rows(TELLS_TIME, after=self._seq))
            if new:
                self.take(new)
                self._seq = new[-1].seq
            return self._work

    def take(self, rows: Iterable[Row]) -> tuple[Span, ...]:
        """Take more rows and return all time, every minute once."""
        for row in rows:
            self._take(row)
        self._work = counted_once([*self._spans, *spans_between(self._signs, RECORD)])
        return self._work

    def _take(self, row: Row) -> None:
        at, lab = datetime.fromisoformat(row.at), str(row.facts.get("lab", ""))
        if row.kind == TIME:
            began = datetime.fromisoformat(str(row.facts["began"]))
            ended = datetime.fromisoformat(str(row.facts["ended"]))
            self._spans.append(Span(lab, began, ended, str(row.facts["source"])))
        elif "seconds" in row.facts and row.kind == "review":
            took = timedelta(seconds=float(row.facts["seconds"]))
            self._spans.append(Span("", at - took, at, CARDS))
        elif row.kind in OF_WORK:
            self._signs.append(Sign(lab, at))
        elif row.kind == "opened":
            self._signs.append(Sign(lab, at, begins=True))


def time_at_work(rows: Iterable[Row]) -> tuple[Span, ...]:
    """Return all time at work that the record bears out, every minute once."""
    return TimeSeen().take(rows)


def recorded_minutes(rows: Iterable[Row]) -> dict[str, float]:
    """Return the minutes on each lab, by its id, as far as they were measured."""
    return minutes_by_lab(time_at_work(rows))


def local_day(at: datetime) -> date:
    """Return the day of a moment in this machine's own calendar, as its clock stood then."""
    return at.astimezone().date()
