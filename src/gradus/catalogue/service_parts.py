"""Parts that a project's `[prove]` and a lab's `[proof]` have in common.

What each of them means as a whole is said elsewhere.
"""

from gradus.catalogue.section import Section
from gradus.core.service import Guards, Labels, Measure, Promises

USUAL = Promises()
"""What holds where nothing is said."""
FEWEST_DRIFT_ROWS = 50
"""Rows within which nobody can promise to notice a drift."""


def read_promises(section: Section, ours: Promises = USUAL) -> Promises:
    """Read what a service is held to."""
    promises = Promises(
        p99_ms=section.number("p99_ms", ours.p99_ms, above=0),
        rate=section.number("rate", ours.rate, above=0),
        ready_seconds=section.number("ready_seconds", ours.ready_seconds, above=0),
        rollback_seconds=section.number("rollback_seconds", ours.rollback_seconds, above=0),
        cpu_seconds=section.number("cpu_seconds", ours.cpu_seconds, above=0),
        memory_mb=section.number("memory_mb", ours.memory_mb, above=0),
        drift_rows=section.whole("drift_rows", ours.drift_rows, least=FEWEST_DRIFT_ROWS),
    )
    section.nothing_else()
    return promises


def read_labels(table: Section, path: str) -> Labels | None:
    """Read what labelled rows hold; None where their measure is none."""
    label = table.text("label")
    measure = table.one_of("measure", [str(each) for each in Measure])
    baseline, slices = table.text("baseline", ""), table.texts("slices", ())
    table.nothing_else()
    return Labels(path, label, Measure(measure), baseline, slices) if measure else None


def read_guards(table: Section) -> Guards:
    """Read what may not get in or out."""
    guards = Guards(
        banned=table.texts("banned", ()),
        personal=table.texts("personal", ()),
        unbounded=table.texts("unbounded", ()),
    )
    table.nothing_else()
    return guards
