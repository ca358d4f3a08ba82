"""A lesson: its title and its parts, as Markdown."""

from dataclasses import dataclass

LESSON_PARTS = (
    "What you will be able to do",
    "Why it matters",
    "Guess first",
    "The idea",
    "Your turn",
    "Going on",
)
"""The headings of every lesson, in their order."""


@dataclass(frozen=True, slots=True)
class LessonPart:
    """One part of a lesson."""

    title: str
    """Its heading."""
    text: str
    """What stands below the heading, as Markdown."""
    line: int
    """Line of the heading in `lesson.md`."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a lab teaches, in its own words."""

    title: str
    """The heading of the first level; empty where there is none."""
    parts: tuple[LessonPart, ...]
    """In the order of the file."""

    def part(self, title: str) -> str:
        """Return the text of a part; an empty text if the lesson has none of that title."""
        return next((part.text for part in self.parts if part.title == title), "")
