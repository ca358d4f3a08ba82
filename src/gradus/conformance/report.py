"""Failures as the text that an author reads and as the object that `--json` prints."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gradus.conformance.rule import Failure
from gradus.core.counting import counted


def as_text(failures: Sequence[Failure], n_labs: int = 1, *, base: Path | None = None) -> str:
    """Return every failure with its reason and remedy, grouped by rule, and a closing line."""
    lines: list[str] = []
    for code in dict.fromkeys(each.code for each in failures):
        group = [each for each in failures if each.code == code]
        lines += [f"{_place(each, base)}: {each.message}" for each in group]
        lines += [f"  {code}: {group[0].reason}", f"  {group[0].remedy}", ""]
    labs = counted(n_labs, "lab")
    if not failures:
        return f"{labs}: every rule holds.\n"
    rules = len({each.code for each in failures})
    count = len(failures)
    things = f"{counted(count, 'thing')} to mend"
    lines.append(f"{labs}: {things}, of {counted(rules, 'rule')}.")
    return "\n".join(lines) + "\n"


def as_json(failures: Sequence[Failure]) -> list[dict[str, Any]]:
    """Return the failures as plain objects."""
    return [
        {
            "code": each.code,
            "lab": each.lab,
            "message": each.message,
            "path": str(each.path),
            "line": each.line,
            "reason": each.reason,
            "remedy": each.remedy,
        }
        for each in failures
    ]


def _place(failure: Failure, base: Path | None) -> str:
    path = failure.path
    if base is not None and path.is_relative_to(base):
        path = path.relative_to(base)
    return f"{path}:{failure.line}" if failure.line else str(path)
