"""Other names inside a query, and names in quotes; those of result columns stay."""

import random

from gradus.conformance.rewriting.rewrite import text_rewrite
from gradus.conformance.rewriting.sql.tokens import QUERY, Token, loud, text_of, tokens_of


def _common_tables(parts: list[Token]) -> list[str]:
    """Return the names that a WITH gives, in lower case."""
    found = []
    for before, each, after, then in zip(parts, parts[1:], parts[2:], parts[3:], strict=False):
        is_given = before.text.lower() in ("with", "recursive", ",") and each.is_name
        if is_given and after.says("as") and then.says("("):
            found.append(each.text.lower())
    return found


def _is_table_only(parts: list[Token], name: str) -> bool:
    """Return whether a name stands only where a table can: before a dot, FROM, JOIN, WITH."""
    nothing = Token("sign", ";")
    around = zip([nothing, *parts], parts, [*parts[1:], nothing], strict=False)
    for before, each, after in around:
        if each.kind != "word" or each.text.lower() != name:
            continue
        if before.says("."):
            return False
        stands_alone = before.text.lower() in ("from", "join", "with", "recursive")
        is_given = before.says(",") and after.says("as")
        if not (after.says(".") or stands_alone or is_given):
            return False
    return True


@text_rewrite(kinds=QUERY)
def common_tables_renamed(query: str, rng: random.Random) -> str | None:
    """Tables of a WITH get other names."""
    tokens = tokens_of(query)
    parts = loud(tokens)
    taken = {each.text.lower() for each in parts}
    for name in _common_tables(parts):
        new = f"{name}_step"
        if new in taken or not _is_table_only(parts, name):
            continue
        for each in parts:
            if each.kind == "word" and each.text.lower() == name:
                each.text = new
    return text_of(tokens)


@text_rewrite(kinds=QUERY)
def columns_in_quotes(query: str, rng: random.Random) -> str | None:
    """Columns that stand behind the name of a table get quotes."""
    tokens = tokens_of(query)
    parts = loud(tokens)
    for before, each, after in zip(
        parts, parts[1:], [*parts[2:], Token("sign", ";")], strict=False
    ):
        if before.says(".") and each.kind == "word" and not after.says("("):
            each.text = f'"{each.text}"'
    return text_of(tokens)


@text_rewrite(kinds=QUERY)
def tables_aliased(query: str, rng: random.Random) -> str | None:
    """A table of FROM without an alias gets one, and its columns follow."""
    tokens = tokens_of(query)
    parts = loud(tokens)
    for place, each in enumerate(parts[:-1]):
        if not (parts[place - 1].says("from") or parts[place - 1].says("join")):
            continue
        name = each.text.lower()
        after = parts[place + 1]
        if not each.is_name or after.is_name or after.says("as") or after.says("."):
            continue
        if after.says("("):
            continue
        uses = [n for n, part in enumerate(parts) if part.text.lower() == name and n != place]
        dotted = all(parts[n + 1].says(".") for n in uses if n + 1 < len(parts))
        alias = f"{name}_alias"
        if not dotted or not uses or alias in {part.text.lower() for part in parts}:
            continue
        for n in uses:
            parts[n].text = alias
        each.text = f"{each.text} as {alias}"
        return text_of(tokens)
    return None
