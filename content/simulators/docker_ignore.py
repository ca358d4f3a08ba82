"""What a `.dockerignore` keeps out of a build, by the rules of Docker's own matcher.

A pattern is anchored at the root of the context. `*` and `?` stop at a slash, `**` does not, a
pattern that matches a folder covers what is in it, and of all lines that match the last decides.
"""

import posixpath
from dataclasses import dataclass, field

MOST_PATTERNS = 500
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line, as it is matched."""

    line: int
    text: str
    keeps: bool
    """Whether it began with an exclamation mark: what it matches is let in again."""
    steps: tuple[tuple[str, str], ...] = field(repr=False)


class Ignore:
    """The lines of an ignore file, asked about paths."""

    def __init__(self, text: str) -> None:
        self.patterns = tuple(_patterns(text))
        self._known: dict[str, Pattern | None] = {}

    def decides(self, path: str) -> Pattern | None:
        """Return the pattern that decides about a file, or None where none matches."""
        if path in self._known:
            return self._known[path]
        parts = path.split("/")
        above = ["/".join(parts[:n]) for n in range(1, len(parts) + 1)]
        found = None
        for pattern in self.patterns:
            if any(_matches(pattern.steps, each) for each in above):
                found = pattern
        self._known[path] = found
        return found

    def lets_in(self, path: str) -> bool:
        """Return whether a file is part of the context."""
        pattern = self.decides(path)
        return pattern is None or pattern.keeps


def _patterns(text: str):
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines()[:MOST_PATTERNS], 1):
        if line.startswith("#") or not line.strip():
            continue
        said = line.strip()[:LONGEST]
        keeps = said.startswith("!")
        cleaned = posixpath.normpath(said[keeps:].strip() or ".").lstrip("/")
        if cleaned not in ("", ".") and not cleaned.startswith("../"):
            yield Pattern(number, said, keeps, tuple(_steps(cleaned)))


def _steps(pattern: str):
    """Yield the steps of a matcher that holds a set of places, so no pattern makes it slow."""
    at = 0
    while at < len(pattern):
        sign = pattern[at]
        if pattern.startswith("**", at):
            at += 2
            if at < len(pattern) and pattern[at] == "/":
                at += 1
            if at == len(pattern):
                yield "rest", ""
            else:
                yield from (("maybe", ""), ("folders", ""))
        elif sign == "*":
            at += 1
            yield "some", ""
        elif sign == "?":
            at += 1
            yield "one", ""
        elif sign == "[" and "]" in pattern[at + 2 :]:
            end = pattern.index("]", at + 2)
            yield "class", pattern[at + 1 : end]
            at = end + 1
        else:
            at += sign == "\\" and at + 1 < len(pattern)
            yield "sign", pattern[at]
            at += 1


def _matches(steps: tuple[tuple[str, str], ...], path: str) -> bool:
    places = _reached({0}, steps)
    for sign in path:
        after = set()
        for place in places:
            if place < len(steps):
                after |= _after(place, steps[place], sign)
        if not after:
            return False
        places = _reached(after, steps)
    return len(steps) in places


def _after(place: int, step: tuple[str, str], sign: str) -> set[int]:
    """Return the places that one more sign of the path leads to."""
    kind, text = step
    if kind == "folders":
        return {place, place + 1} if sign == "/" else {place}
    if kind == "rest" or (kind == "some" and sign != "/"):
        return {place}
    fits = {"one": sign != "/", "sign": sign == text}.get(kind, False)
    fits = fits or (kind == "class" and sign != "/" and _in_class(text, sign))
    return {place + 1} if fits else set()


def _reached(places: set[int], steps: tuple[tuple[str, str], ...]) -> set[int]:
    """Add the places that need no sign: past a star, and around any number of folders."""
    reached: set[int] = set()
    waiting = list(places)
    while waiting:
        place = waiting.pop()
        if place in reached:
            continue
        reached.add(place)
        kind = steps[place][0] if place < len(steps) else ""
        if kind in ("some", "rest"):
            waiting.append(place + 1)
        elif kind == "maybe":
            waiting += [place + 1, place + 2]
    return reached


def _in_class(text: str, sign: str) -> bool:
    negated = text[:1] in ("^", "!")
    signs = text[negated:]
    at, found = 0, False
    while at < len(signs):
        if at + 2 < len(signs) and signs[at + 1] == "-":
            found |= signs[at] <= sign <= signs[at + 2]
            at += 3
        else:
            found |= signs[at] == sign
            at += 1
    return found != negated
