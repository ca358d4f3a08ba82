"""The shell lines of a Dockerfile, cut into the commands that they run, in order.

It reads what Dockerfiles hold: lists with `&&`, `;` and newlines, pipes, redirections, variables,
`$(…)` and nested `sh -c`. Conditions are taken as true and loops as run once; nothing is run.
"""

import re
import shlex
from dataclasses import dataclass, field

MOST_DEEP = 4
MOST_COMMANDS = 400
KEYWORDS = {"if", "then", "else", "elif", "fi", "do", "done", "while", "until", "!", "{", "}", "("}
BEFORE = {"exec", "env", "time", "nohup", "command", "eval"}
_VARIABLE = re.compile(r"\$(?:\{(\w+)(?:(:?[-+?])([^{}]*))?\}|(\w+))")
_INNER = re.compile(r"\$\(([^()]*)\)|`([^`]*)`")
_ASSIGNED = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Command:
    """One program with its words."""

    words: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    """What was assigned in front of it."""
    writes: tuple[str, ...] = ()
    """Files to which its output goes."""
    piped: tuple[str, ...] = ()
    """The words of what is piped into it."""
    replaces: bool = False
    """Whether it takes the shell's place: `exec` stands in front of it."""

    @property
    def program(self) -> str:
        """The name of the program without its folder."""
        return self.words[0].rsplit("/", 1)[-1] if self.words else ""


class Unreadable(ValueError):
    """A shell could not read this line."""


def expand(text: str, variables: dict[str, str]) -> str:
    """Replace `$name` and `${name:-default}`; what is not set becomes nothing."""

    def value(found: re.Match) -> str:
        name = found[1] or found[4]
        known = variables.get(name, "")
        if found[2] in (":-", "-"):
            return known or expand(found[3], {})
        if found[2] in (":+", "+"):
            return found[3] if known else ""
        return known

    return _VARIABLE.sub(value, text)


def commands(script: str, depth: int = 0) -> list[Command]:
    """Return the commands of a script; raises `Unreadable` where a quote is left open."""
    lines = [line for line in script.splitlines() if not line.lstrip().startswith("#")]
    text = "\n".join(lines).replace("\\\n", " ").strip().replace("\n", " ; ")
    inner: list[str] = []

    def keep(found: re.Match) -> str:
        inner.append(found[0])
        return f"\ue000{len(inner) - 1}\ue001"

    for _ in range(MOST_DEEP):
        text, count = _INNER.subn(keep, text)
        if not count:
            break
    lexer = shlex.shlex(text, posix=True, punctuation_chars=";&|<>")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        words = list(lexer)
    except ValueError as error:
        raise Unreadable(f"the shell cannot read it: {error}") from None
    return _grouped([_put_back(word, inner) for word in words], depth)


def _put_back(word: str, inner: list[str]) -> str:
    for _ in range(MOST_DEEP):
        word, count = re.subn("\ue000(\\d+)\ue001", lambda found: inner[int(found[1])], word)
        if not count:
            break
    return word


def _grouped(words: list[str], depth: int) -> list[Command]:
    found: list[Command] = []
    here: list[str] = []
    piped: tuple[str, ...] = ()
    for word in [*words, ";"]:
        if word and not set(word) <= set(";&|"):
            here.append(word)
            continue
        if here and len(found) < MOST_COMMANDS:
            made = _command(here, piped, depth)
            found += made
        piped = (*piped, *here) if word == "|" else ()
        here = []
    return found


def _command(words: list[str], piped: tuple[str, ...], depth: int) -> list[Command]:
    """Return one command, or those of the script that it hands to a shell."""
    words, writes = _redirected(words)
    while words and words[0] in KEYWORDS:
        words = words[1:]
    words = [word for word in words if word not in ("}", ")")]
    if words and words[0] in ("for", "case", "esac", "function"):
        return []
    if words and words[0].startswith("(") and words[0] != "(":
        words = [words[0].lstrip("("), *words[1:]]
        words[-1] = words[-1].rstrip(")")
    environment = {}
    replaces = False
    while words:
        found = _ASSIGNED.fullmatch(words[0])
        if found:
            environment[found[1]] = found[2]
        elif words[0] not in BEFORE:
            break
        replaces = replaces or words[0] == "exec"
        words = words[1:]
    if len(words) > 2 and _is_shell(words[0]) and depth < MOST_DEEP:
        at = next((n for n, word in enumerate(words) if re.fullmatch(r"-\w*c", word)), 0)
        if at and at + 1 < len(words):
            return commands(words[at + 1], depth + 1)
    if not words and not environment:
        return []
    return [Command(tuple(words), environment, tuple(writes), piped, replaces)]


def _redirected(words: list[str]) -> tuple[list[str], list[str]]:
    """Take the redirections out; what is written to is kept."""
    kept: list[str] = []
    writes: list[str] = []
    waiting = iter(words)
    for word in waiting:
        if word and set(word) <= set("<>&") and word != "&":
            if kept and kept[-1] in ("1", "2"):
                kept.pop()
            target = next(waiting, "")
            if ">" in word and target not in ("/dev/null", "1", "2"):
                writes.append(target)
        else:
            kept.append(word)
    return kept, writes


def _is_shell(word: str) -> bool:
    return word.rsplit("/", 1)[-1] in ("sh", "bash", "ash", "dash")
