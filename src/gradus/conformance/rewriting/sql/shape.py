"""A query in another shape: subqueries for a WITH and back, and other words for the same."""

import random
from itertools import pairwise

from gradus.conformance.rewriting.rewrite import text_rewrite
from gradus.conformance.rewriting.sql.tokens import (
    QUERY,
    Token,
    closing,
    loud,
    text_of,
    tokens_of,
)


def _spoken(query: str) -> list[Token]:
    """Return the parts of a query with one blank between them and no comment."""
    return loud(tokens_of(query))


def _written(parts: list[Token]) -> str:
    """Return parts as a text; a call's bracket and a dot stand close."""
    text = ""
    for each in parts:
        close = each.text in ("(", ")", ",", ".", "[", "]", "::", ";") or text.endswith(
            ("(", ".", "[", "::")
        )
        text += each.text if close or not text else f" {each.text}"
    return text + "\n"


@text_rewrite(kinds=QUERY)
def common_table_to_subquery(query: str, rng: random.Random) -> str | None:
    """The first table of a WITH that is read once becomes a subquery."""
    parts = _spoken(query)
    if len(parts) < 4 or not parts[0].says("with") or not parts[2].says("as"):
        return None
    name, opening = parts[1].text.lower(), 3
    if not parts[opening].says("("):
        return None
    end = closing(parts, opening)
    inside, rest = parts[opening : end + 1], parts[end + 1 :]
    reads = [
        place
        for place, each in enumerate(rest)
        if each.text.lower() == name
        and place
        and (rest[place - 1].says("from") or rest[place - 1].says("join"))
    ]
    others = [
        place
        for place, each in enumerate(rest[:-1])
        if each.text.lower() == name and place not in reads and not rest[place + 1].says(".")
    ]
    if len(reads) != 1 or others or any(each.text.lower() == name for each in inside):
        return None
    place = reads[0]
    follows = rest[place + 1] if place + 1 < len(rest) else Token("sign", ";")
    has_alias = follows.is_name or follows.says("as")
    alias = [] if has_alias else [Token("word", "as"), Token("word", name)]
    body = [*rest[:place], *inside, *alias, *rest[place + 1 :]]
    body = [Token("word", "with"), *body[1:]] if body[0].says(",") else body
    return _written(body)


@text_rewrite(kinds=QUERY)
def whole_in_a_common_table(query: str, rng: random.Random) -> str | None:
    """A query without an order is named, and everything is selected from that."""
    parts = _spoken(query)
    depth = 0
    for each in parts:
        depth += {"(": 1, ")": -1}.get(each.text, 0)
        if depth == 0 and (each.says("order") or each.says("limit")):
            return None
    if parts and parts[-1].says(";"):
        parts.pop()
    if any(each.text.lower() == "whole_query" or each.says(";") for each in parts):
        return None
    return f"with whole_query as (\n{_written(parts)})\nselect * from whole_query\n"


@text_rewrite(kinds=QUERY)
def coalesce_as_case(query: str, rng: random.Random) -> str | None:
    """`coalesce(a, b)` becomes a CASE, where both are plain."""
    tokens = tokens_of(query)
    parts = loud(tokens)
    for place, each in enumerate(parts[:-5]):
        if not each.says("coalesce") or not parts[place + 1].says("("):
            continue
        end = closing(parts, place + 1)
        inside = parts[place + 2 : end]
        commas = [n for n, part in enumerate(inside) if part.says(",")]
        plain = all(part.kind in ("word", "number", "text") or part.text in ".," for part in inside)
        if len(commas) != 1 or not plain:
            continue
        one, other = _written(inside[: commas[0]]), _written(inside[commas[0] + 1 :])
        one, other = one.strip(), other.strip()
        each.text = f"case when {one} is not null then {one} else {other} end"
        for part in parts[place + 1 : end + 1]:
            part.text = ""
        return text_of(tokens)
    return None


@text_rewrite(kinds=QUERY)
def other_signs(query: str, rng: random.Random) -> str | None:
    """`<>` becomes `!=` and back, `count(*)` counts ones."""
    tokens = tokens_of(query)
    parts = loud(tokens)
    for place, each in enumerate(parts):
        if each.text in ("<>", "!="):
            each.text = "!=" if each.text == "<>" else "<>"
        if each.says("count") and [p.text for p in parts[place + 1 : place + 4]] == ["(", "*", ")"]:
            parts[place + 2].text = "1"
    return text_of(tokens)


@text_rewrite(kinds=QUERY)
def inner_said(query: str, rng: random.Random) -> str | None:
    """`join` becomes `inner join`."""
    tokens = tokens_of(query)
    parts = loud(tokens)
    for before, each in pairwise(parts):
        if each.says("join") and before.text.lower() not in JOINS:
            each.text = "inner join"
    return text_of(tokens)


_KINDS = "left right full inner outer cross asof natural semi anti positional"
JOINS = frozenset(_KINDS.split())
"""What `join` may have in front of it."""
