"""SQL that asks a slightly different question."""

from collections.abc import Iterator

from gradus.conformance.mutation.edit import Edit
from gradus.conformance.mutation.operator import operator
from gradus.conformance.mutation.sql_source import SqlSource, Token

_SIGNS: dict[str, tuple[str, ...]] = {
    "<": ("<=", ">"),
    "<=": ("<", ">="),
    ">": (">=", "<"),
    ">=": (">", "<="),
}
_SIGNS |= {"=": ("<>",), "<>": ("=",), "!=": ("=",)}
_FUNCTIONS = {
    "rank": ("dense_rank", "row_number"),
    "dense_rank": ("rank", "row_number"),
    "row_number": ("rank", "dense_rank"),
    "lag": ("lead",),
    "lead": ("lag",),
    "first_value": ("last_value",),
    "last_value": ("first_value",),
    "sum": ("avg", "max"),
    "avg": ("sum",),
    "count": ("max",),
    "min": ("max",),
    "max": ("min",),
}
_CLAUSES = {"select", "from", "where", "group", "having", "order", "limit", "union", "window"}
_CLAUSES |= {"left", "right", "inner", "join", "on", "qualify", "cross", "full"}
_FRAME = {"rows", "range", "groups"}


@operator("sql")
def sql_comparison(source: SqlSource, token: Token) -> Iterator[Edit]:
    """A comparison: the boundary changes sides, or it is turned round."""
    if token.kind == "sign":
        for other in _SIGNS.get(token.word, ()):
            yield source.replaced(token, other)


@operator("sql")
def sql_number(source: SqlSource, token: Token) -> Iterator[Edit]:
    """A number is one too large or too small."""
    if token.kind == "number" and token.word.isdigit():
        for value in (int(token.word) + 1, int(token.word) - 1):
            yield source.replaced(token, str(value))


@operator("sql")
def sql_arithmetic(source: SqlSource, token: Token) -> Iterator[Edit]:
    """`+` becomes `-`, and `-` becomes `+`."""
    if token.word in ("+", "-"):
        yield source.replaced(token, "-" if token.word == "+" else "+")


@operator("sql")
def aggregate(source: SqlSource, token: Token) -> Iterator[Edit]:
    """Another aggregate or window function: rank and dense_rank, lag and lead, min and max, …"""
    if token.word in _FUNCTIONS and source.words(token.place + 1, 1) == ("(",):
        for other in _FUNCTIONS[token.word]:
            if source.words(token.place + 2, 1) == ("*",) and other == "max":
                continue
            yield source.replaced(token, other)


@operator("sql")
def window_frame(source: SqlSource, token: Token) -> Iterator[Edit]:
    """The frame of a window: rows and range, its ends, or the default one."""
    if token.word in _FRAME and source.words(token.place + 1, 1) == ("between",):
        yield source.replaced(token, "range" if token.word == "rows" else "rows")
        _, last = source.stretch(token.place, set())
        yield Edit(token.start, source.tokens[last - 1].end, "")
    if source.says(token, "unbounded", "preceding"):
        yield source.replaced(token, "current row", 2)
        yield source.replaced(token, "1 preceding", 2)
    if source.says(token, "unbounded", "following"):
        yield source.replaced(token, "current row", 2)
    if source.says(token, "current", "row"):
        yield source.replaced(token, "unbounded following", 2)
        yield source.replaced(token, "1 preceding", 2)


@operator("sql")
def partition(source: SqlSource, token: Token) -> Iterator[Edit]:
    """A window or a group is cut by less: one column, or the whole clause, is forgotten."""
    if source.says(token, "partition", "by") or source.says(token, "group", "by"):
        first, last = source.stretch(token.place + 2, {*_CLAUSES, *_FRAME})
        parts = source.parts(first, last, ",")
        if len(parts) > 1:
            for place in range(len(parts)):
                yield source.without_part(parts, place)
        yield Edit(token.start, source.tokens[last - 1].end, "")


@operator("sql")
def ordering(source: SqlSource, token: Token) -> Iterator[Edit]:
    """An order: the other direction, one column less, or none at all."""
    if not source.says(token, "order", "by"):
        return
    first, last = source.stretch(token.place + 2, {*_CLAUSES, *_FRAME})
    parts = source.parts(first, last, ",")
    for place, (_, end) in enumerate(parts):
        final = source.tokens[end - 1]
        if final.word in ("desc", "asc"):
            yield source.replaced(final, "asc" if final.word == "desc" else "desc")
        else:
            yield Edit(final.end, final.end, " desc")
        if len(parts) > 1:
            yield source.without_part(parts, place)
    yield Edit(token.start, source.tokens[last - 1].end, "")


@operator("sql")
def join_kind(source: SqlSource, token: Token) -> Iterator[Edit]:
    """A left join becomes an inner one, and an inner one a left one."""
    if source.says(token, "left", "join"):
        yield source.replaced(token, "join", 2)
    elif token.word == "join" and source.tokens[token.place - 1].word not in ("left", "cross"):
        yield source.replaced(token, "left join")


@operator("sql")
def sql_filter(source: SqlSource, token: Token) -> Iterator[Edit]:
    """One condition of WHERE, ON or FILTER is forgotten, or the whole clause is."""
    if token.word not in ("where", "on", "having", "qualify"):
        return
    first, last = source.stretch(token.place + 1, _CLAUSES)
    parts = source.parts(first, last, "and")
    if len(parts) > 1:
        for place in range(len(parts)):
            yield source.without_part(parts, place)
    start, end = source.tokens[first].start, source.tokens[last - 1].end
    yield Edit(start, end, "true")


@operator("sql")
def sql_negation(source: SqlSource, token: Token) -> Iterator[Edit]:
    """A `not` is lost, or a null is asked for the other way round."""
    if token.word == "not":
        yield Edit(token.start, source.tokens[token.place + 1].start, "")
    elif source.says(token, "is", "null"):
        yield source.replaced(token, "is not null", 2)


@operator("sql")
def union_kind(source: SqlSource, token: Token) -> Iterator[Edit]:
    """`union all` becomes `union`, and a `distinct` is forgotten."""
    if source.says(token, "union", "all"):
        yield source.replaced(token, "union", 2)
    if token.word == "distinct":
        yield source.replaced(token, "")


@operator("sql")
def sql_and_or(source: SqlSource, token: Token) -> Iterator[Edit]:
    """`and` becomes `or`, and `or` becomes `and`."""
    if token.word == "or" or (token.word == "and" and not _of_between(source, token)):
        yield source.replaced(token, "or" if token.word == "and" else "and")


def _of_between(source: SqlSource, token: Token) -> bool:
    before = [each.word for each in source.tokens[max(0, token.place - 4) : token.place]]
    return "between" in before
