"""A query as a list of tokens: words, signs, texts, blanks and comments, all of them kept."""

import re
from dataclasses import dataclass

from gradus.core.lab import EntryKind

QUERY = (EntryKind.SQL,)
"""The kind of entry that is SQL."""

_PARTS = re.compile(
    r"(?P<blank>\s+)|(?P<comment>--[^\n]*|/\*.*?\*/)|(?P<text>'(?:[^']|'')*')"
    r'|(?P<quoted>"(?:[^"]|"")*")|(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Za-z_]\w*)'
    r"|(?P<sign>::|<>|!=|<=|>=|\|\||=>|->|.)",
    re.DOTALL,
)
_WORDS = """
select from where group by order having with recursive as join left right full inner outer on and
or not in is null case when then else end union all distinct over partition rows range between
unbounded preceding following current row asc desc limit filter exists interval using cross qualify
nulls first last lateral asof values offset
"""
KEYWORDS = frozenset(_WORDS.split())
"""Words that are no names."""


@dataclass(slots=True)
class Token:
    """One part of a query."""

    kind: str
    """`word`, `text`, `quoted`, `number`, `sign`, `blank` or `comment`."""
    text: str
    """The part itself."""

    @property
    def is_silent(self) -> bool:
        """Whether it is only for the eye."""
        return self.kind in ("blank", "comment")

    def says(self, word: str) -> bool:
        """Return whether it is this word or sign, in any case of letters."""
        return self.kind in ("word", "sign") and self.text.lower() == word

    @property
    def is_name(self) -> bool:
        """Whether it is a word that is no keyword."""
        return self.kind == "word" and self.text.lower() not in KEYWORDS


def tokens_of(query: str) -> list[Token]:
    """Return every part of a query, in its order."""
    return [Token(each.lastgroup or "sign", each.group()) for each in _PARTS.finditer(query)]


def text_of(tokens: list[Token]) -> str:
    """Return a query from its parts."""
    return "".join(each.text for each in tokens)


def loud(tokens: list[Token]) -> list[Token]:
    """Return the parts that mean something."""
    return [each for each in tokens if not each.is_silent]


def closing(tokens: list[Token], opening: int) -> int:
    """Return the place of the bracket that closes the one at `opening`."""
    depth = 0
    for place in range(opening, len(tokens)):
        if tokens[place].kind == "sign":
            depth += {"(": 1, ")": -1}.get(tokens[place].text, 0)
            if depth == 0:
                return place
    raise ValueError("a bracket is not closed")
