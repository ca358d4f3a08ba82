"""SQL as tokens: words, numbers, texts and signs, each with its place; comments are left out."""

import re
from dataclasses import dataclass

from gradus.conformance.mutation.edit import Edit

_TOKEN = re.compile(
    r"(?P<comment>--[^\n]*|/\*.*?\*/)|(?P<text>'(?:[^']|'')*')|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<word>[A-Za-z_]\w*)|(?P<sign><>|<=|>=|!=|\|\||::|[^\s\w])",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, text or sign."""

    place: int
    """Its place among the tokens."""
    kind: str
    """`word`, `number`, `text` or `sign`."""
    word: str
    """What is written, in small letters."""
    start: int
    """Where it begins, in characters."""
    end: int
    """Where it ends."""


class SqlSource:
    """A query as tokens."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = []
        for found in _TOKEN.finditer(text):
            kind = found.lastgroup or "sign"
            if kind != "comment":
                place = len(self.tokens)
                self.tokens.append(Token(place, kind, found[0].lower(), *found.span()))

    def words(self, at: int, n: int) -> tuple[str, ...]:
        """Return `n` words from a place on; fewer at the end."""
        return tuple(each.word for each in self.tokens[at : at + n])

    def says(self, token: Token, *words: str) -> bool:
        """Return whether these words stand at a token."""
        return self.words(token.place, len(words)) == words

    def replaced(self, token: Token, text: str, n: int = 1) -> Edit:
        """Return the edit that puts a text in the place of `n` tokens."""
        return Edit(token.start, self.tokens[token.place + n - 1].end, text)

    def stretch(self, at: int, ends: set[str]) -> tuple[int, int]:
        """Return the places from `at` up to a word of `ends` or a closing bracket, both outside."""
        depth, place = 0, at
        while place < len(self.tokens):
            word = self.tokens[place].word
            if depth == 0 and (word in ends or word in ")" or word == ";"):
                break
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(word, 0)
            place += 1
        return at, place

    def parts(self, first: int, last: int, separator: str) -> list[tuple[int, int]]:
        """Return the places of the parts that a separator parts, brackets kept together."""
        depth, begin, found = 0, first, []
        between = False
        for place in range(first, last):
            word = self.tokens[place].word
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(word, 0)
            between = between or word == "between"
            if depth == 0 and word == separator and not (separator == "and" and between):
                found.append((begin, place))
                begin = place + 1
            elif depth == 0 and word == "and" and between:
                between = False
        return [*found, (begin, last)]

    def without_part(self, parts: list[tuple[int, int]], place: int) -> Edit:
        """Return the edit that takes one part out, with the separator beside it."""
        first, last = parts[place]
        start, end = self.tokens[first].start, self.tokens[last - 1].end
        if place + 1 < len(parts):
            end = self.tokens[parts[place + 1][0]].start
        elif place:
            start = self.tokens[parts[place - 1][1] - 1].end
        return Edit(start, end, "")
