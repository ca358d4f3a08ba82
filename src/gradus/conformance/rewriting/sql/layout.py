"""A query in another layout: letters, blanks, comments, ends of lines."""

import random

from gradus.conformance.rewriting.rewrite import text_rewrite
from gradus.conformance.rewriting.sql.tokens import KEYWORDS, QUERY, text_of, tokens_of


@text_rewrite(kinds=QUERY)
def keywords_in_capitals(query: str, rng: random.Random) -> str | None:
    """Keywords stand in capitals."""
    tokens = tokens_of(query)
    for each in tokens:
        if each.kind == "word" and each.text.lower() in KEYWORDS:
            each.text = each.text.upper()
    return text_of(tokens)


@text_rewrite(kinds=QUERY)
def everything_on_one_line(query: str, rng: random.Random) -> str | None:
    """The query is one line without comments."""
    tokens = tokens_of(query)
    for each in tokens:
        if each.is_silent:
            each.text = " "
    return text_of(tokens).strip()


@text_rewrite(kinds=QUERY)
def every_word_on_a_line(query: str, rng: random.Random) -> str | None:
    """Every blank becomes the end of a line, with a comment now and then."""
    tokens = tokens_of(query)
    for each in tokens:
        if each.kind == "blank":
            each.text = rng.choice(["\n", "\n    ", "\t\n", " -- and\n", " /* so */ "])
        elif each.kind == "comment":
            each.text = ""
    return text_of(tokens)


@text_rewrite(kinds=QUERY)
def query_windows_lines(query: str, rng: random.Random) -> str | None:
    """Lines end as on Windows."""
    return query.replace("\r\n", "\n").replace("\n", "\r\n")


@text_rewrite(kinds=QUERY)
def semicolon_or_none(query: str, rng: random.Random) -> str | None:
    """A semicolon at the end comes or goes."""
    tokens = [each for each in tokens_of(query) if each.kind != "blank"]
    if not tokens or tokens[-1].is_silent:
        return None
    bare = query.rstrip()
    return bare.removesuffix(";") + "\n" if bare.endswith(";") else f"{bare}\n;\n"
