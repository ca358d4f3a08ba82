"""Rules about the words of a lab: the lesson and the hints."""

import re
from collections.abc import Iterator
from pathlib import Path

from gradus.catalogue.lesson import load_hints
from gradus.conformance.bench import Bench
from gradus.conformance.rule import Sighting, rule
from gradus.core.lesson import LESSON_PARTS

FEWEST_WORDS, MOST_WORDS = 400, 1300
BANNED = ("simply", "just", "obviously", "of course")
ANSWER_HEADING = "### What really happens"

_BANNED = re.compile(rf"\b({'|'.join(BANNED)})\b", re.IGNORECASE)
_FENCE = re.compile(r"^\s{0,3}(```|~~~)")
_CODE_OR_MATHS = re.compile(r"`[^`]*`|\$[^$]*\$")


@rule(
    "lesson-parts",
    reason="A learner finds the same parts in the same order in every lesson.",
    remedy="Use the headings of the second level: " + ", ".join(LESSON_PARTS) + ".",
    after=("required-files",),
)
def lesson_parts(bench: Bench) -> Iterator[Sighting]:
    """The lesson has its parts in order, each with text."""
    path = bench.folder / "lesson.md"
    found = tuple(part.title for part in bench.lesson.parts)
    if found != LESSON_PARTS:
        missing = [each for each in LESSON_PARTS if each not in found]
        extra = [each for each in found if each not in LESSON_PARTS]
        said = "; ".join(
            [f"'{each}' is missing" for each in missing]
            + [f"'{each}' is no part" for each in extra]
        )
        yield Sighting(f"{said or 'The parts are in another order'}.", path)
    for part in bench.lesson.parts:
        if not part.text:
            yield Sighting(f"'{part.title}' is empty.", path, part.line)


@rule(
    "lesson-title",
    reason="The page, the list and the lesson call a lab by one name.",
    remedy="Let the first heading of lesson.md be the title of lab.toml.",
    after=("required-files",),
)
def lesson_title(bench: Bench) -> Iterator[Sighting]:
    """The lesson's heading is the lab's title."""
    if bench.lesson.title != bench.lab.title:
        said = f"The lesson is called '{bench.lesson.title}', the lab '{bench.lab.title}'."
        yield Sighting(said, bench.folder / "lesson.md", 1)


@rule(
    "lesson-scope",
    reason="What is left out has to be said, or a learner looks for it.",
    remedy="End the first part with '**Out of scope:** …'.",
    after=("lesson-parts",),
)
def lesson_scope(bench: Bench) -> Iterator[Sighting]:
    """The first part says what is out of scope."""
    first = bench.lesson.parts[0]
    if "**Out of scope:**" not in first.text:
        yield Sighting("It does not say what is out of scope.", _path(bench), first.line)


@rule(
    "lesson-answer",
    reason="The question that was guessed first is answered after the pass.",
    remedy=f"Begin 'Going on' with '{ANSWER_HEADING}'.",
    after=("lesson-parts",),
)
def lesson_answer(bench: Bench) -> Iterator[Sighting]:
    """The last part starts with the answer to the guess."""
    last = bench.lesson.parts[-1]
    if not last.text.startswith(ANSWER_HEADING):
        yield Sighting("It does not begin with what really happens.", _path(bench), last.line)


@rule(
    "lesson-length",
    reason="A lesson is read in ten minutes: long enough to teach, short enough to be read.",
    remedy=f"Write between {FEWEST_WORDS} and {MOST_WORDS} words, code and formulas not counted.",
    after=("required-files",),
)
def lesson_length(bench: Bench) -> Iterator[Sighting]:
    """The lesson has the length of a lesson."""
    count = sum(len(words(row)) for _, row in prose(bench.text("lesson.md")))
    if not FEWEST_WORDS <= count <= MOST_WORDS:
        yield Sighting(f"The lesson has {count} words.", _path(bench))


@rule(
    "plain-words",
    reason="These words tell a person who is stuck that it is their own fault.",
    remedy="Leave the word out, or say why it is so.",
    after=("required-files",),
)
def plain_words(bench: Bench) -> Iterator[Sighting]:
    """Lesson, hints and cards do without the words that only discourage."""
    for name in ("lesson.md", "hints.md", "cards.toml"):
        for number, row in prose(bench.text(name)):
            for found in _BANNED.finditer(row):
                yield Sighting(f"It says '{found[0]}'.", bench.folder / name, number)


@rule(
    "hint-rungs",
    reason="Hints come one at a time: where to look, the idea, nearly the line.",
    remedy="Write '## 1', '## 2' and '## 3', each followed by its hint.",
    after=("required-files",),
)
def hint_rungs(bench: Bench) -> Iterator[Sighting]:
    """The hints are three rungs."""
    load_hints(bench.lab)
    yield from ()


def prose(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of Markdown with their numbers, without code and formulas."""
    inside = ""
    for number, row in enumerate(text.splitlines(), start=1):
        mark = _FENCE.match(row)
        if mark or row.strip() == "$$":
            fence = mark[1] if mark else "$$"
            inside = "" if inside == fence else inside or fence
        elif not inside:
            yield number, _CODE_OR_MATHS.sub(" ", row)


def words(row: str) -> list[str]:
    """Return the words of a line; marks and numbers alone are none."""
    return [each for each in row.split() if re.search(r"[^\W\d_]", each)]


def _path(bench: Bench) -> Path:
    return bench.folder / "lesson.md"
