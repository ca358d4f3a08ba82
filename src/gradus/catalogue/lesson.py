"""`lesson.md` and `hints.md` are cut at their headings; nothing is rendered here."""

import re

from gradus.core.errors import ContentError
from gradus.core.lab import Lab
from gradus.core.lesson import Lesson, LessonPart

_FENCE = re.compile(r"^\s{0,3}(```+|~~~+)")
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")
HINT_RUNGS = ("1", "2", "3")


def load_lesson(lab: Lab) -> Lesson:
    """Read a lab's lesson; raises `ContentError` if the file cannot be read."""
    return parse_lesson(read_text(lab, "lesson.md"))


def load_hints(lab: Lab) -> tuple[str, ...]:
    """Read a lab's hints, the mildest first; raises `ContentError` if the rungs are not 1, 2, 3."""
    lesson = parse_lesson(read_text(lab, "hints.md"))
    found = tuple(part.title for part in lesson.parts)
    if found != HINT_RUNGS or not all(part.text for part in lesson.parts):
        raise ContentError(
            "hint-rungs",
            "The hints are not three rungs with text below each.",
            path=lab.folder / "hints.md",
            line=lesson.parts[0].line if lesson.parts else 1,
            remedy="Write '## 1', '## 2' and '## 3', each followed by its hint.",
        )
    return tuple(part.text for part in lesson.parts)


def parse_lesson(text: str) -> Lesson:
    """Cut Markdown at its headings of the second level; headings in code blocks are text."""
    title = ""
    parts: list[tuple[str, int, list[str]]] = []
    fence = ""
    for number, row in enumerate(text.splitlines(), start=1):
        fence = _fence_after(row, fence)
        heading = None if fence else _HEADING.match(row)
        if heading and len(heading[1]) == 1 and not title:
            title = heading[2]
        elif heading and len(heading[1]) == 2:
            parts.append((heading[2], number, []))
        elif parts:
            parts[-1][2].append(row)
    return Lesson(
        title,
        tuple(LessonPart(name, "\n".join(rows).strip("\n"), line) for name, line, rows in parts),
    )


def read_text(lab: Lab, name: str) -> str:
    """Read one text file of a lab folder; raises `ContentError` if it cannot be read."""
    path = lab.folder / name
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ContentError("missing-file", f"{name} is missing.", path=path) from None
    except UnicodeDecodeError as error:
        raise ContentError("not-utf-8", "This is not UTF-8 text.", path=path) from error
    except OSError as error:
        said = error.strerror or str(error)
        raise ContentError("unreadable-file", f"It cannot be read: {said}.", path=path) from error


def _fence_after(row: str, fence: str) -> str:
    """Return the fence that is open after a row."""
    mark = _FENCE.match(row)
    if mark is None:
        return fence
    if not fence:
        return mark[1]
    closes = mark[1][0] == fence[0] and len(mark[1]) >= len(fence)
    return "" if closes and row.strip() == mark[1] else fence
