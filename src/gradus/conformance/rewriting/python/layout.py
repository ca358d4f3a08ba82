"""What an editor may do to a file: ends of lines, marks, blanks, comments.

Lines inside a text are left alone: they are values.
"""

import ast
import io
import random
import tokenize

from gradus.conformance.rewriting.rewrite import text_rewrite


def _inside(source: str) -> set[int]:
    """Return the lines that a statement or a text goes on in, counted from 1."""
    found: set[int] = set()
    start = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in (tokenize.NEWLINE, tokenize.NL, tokenize.COMMENT, tokenize.ENDMARKER):
            if token.type == tokenize.NEWLINE and start:
                found |= set(range(start + 1, token.start[0] + 1))
                start = 0
        elif token.type not in (tokenize.INDENT, tokenize.DEDENT) and not start:
            start = token.start[0]
    return found


@text_rewrite()
def written_anew(source: str, rng: random.Random) -> str | None:
    """The file is written from its syntax tree: other quotes, other brackets, no comments."""
    return ast.unparse(ast.parse(source)) + "\n"


@text_rewrite()
def comments_between(source: str, rng: random.Random) -> str | None:
    """Comments and blank lines stand between the lines."""
    inside = _inside(source)
    lines = []
    for number, line in enumerate(source.splitlines(), 1):
        if number not in inside:
            lines += [["# so far so good"], [""], ["", "    # then", ""]][rng.randrange(3)]
        lines.append(line)
    return "\n".join(lines) + "\n"


@text_rewrite()
def blanks_at_the_ends(source: str, rng: random.Random) -> str | None:
    """Lines end in blanks, the file in many empty lines."""
    inside = _inside(source)
    lines = [
        line if number in inside or number + 1 in inside else f"{line}  \t"
        for number, line in enumerate(source.splitlines(), 1)
    ]
    return "\n".join(lines) + "\n\n\n"


@text_rewrite()
def no_last_newline(source: str, rng: random.Random) -> str | None:
    """The last line has no end."""
    return source.rstrip("\n")


@text_rewrite()
def tabs_for_blanks(source: str, rng: random.Random) -> str | None:
    """Lines are indented with tabs."""
    inside = _inside(source)
    lines = []
    for number, line in enumerate(source.splitlines(), 1):
        bare = line.lstrip(" ")
        depth, rest = divmod(len(line) - len(bare), 4)
        if number in inside or not bare or bare.startswith("#"):
            lines.append(line)
        elif rest:
            return None
        else:
            lines.append("\t" * depth + bare)
    return "\n".join(lines) + "\n"


@text_rewrite()
def windows_lines(source: str, rng: random.Random) -> str | None:
    """Lines end as on Windows."""
    return source.replace("\r\n", "\n").replace("\n", "\r\n")


@text_rewrite()
def byte_order_mark(source: str, rng: random.Random) -> str | None:
    """The file begins with a byte order mark."""
    return source if source.startswith("\ufeff") else "\ufeff" + source
