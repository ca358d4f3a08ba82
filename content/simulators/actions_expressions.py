"""Expressions of GitHub Actions, `${{ … }}` and `if:`, evaluated as their documentation says.

It runs in the sandbox beside the steps of a workflow, with the standard library alone.
"""

import json
import math
import re

_TOKEN = re.compile(
    r"\s*(?:(?P<number>-?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?))"
    r"|(?P<text>'(?:[^']|'')*')"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_-]*)"
    r"|(?P<sign>==|!=|<=|>=|&&|\|\||[<>!().,\[\]*]))"
)
_INSERTED = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
STATUS = ("success", "failure", "always", "cancelled")
"""Functions that look at what became of earlier steps or jobs."""


class NotAnExpression(ValueError):
    """What stands there is none; the message says why."""


def tokens(text):
    """Return the words of an expression, each with its kind."""
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise NotAnExpression(f"{text!r} cannot be read from {text[at : at + 10]!r} on")
        found.append((match.lastgroup, match.group(match.lastgroup)))
        at = match.end()
    return found


def asks_for_status(text):
    """Say whether an `if:` calls success(), failure(), always() or cancelled()."""
    words = tokens(text)
    following = [*words[1:], ("end", "")] if words else []
    return any(
        kind == "name" and word.lower() in STATUS and after == ("sign", "(")
        for (kind, word), after in zip(words, following, strict=True)
    )


def evaluate(text, contexts, functions):
    """Return the value of an expression; `functions` adds those that look at a run."""
    reading = _Reading(tokens(text), contexts, functions)
    value = reading.either()
    if reading.at < len(reading.words):
        raise NotAnExpression(f"{text!r} goes on after its end")
    return value


def insert(text, contexts, functions):
    """Return a text with the value of each `${{ … }}` in its place."""
    whole = _INSERTED.fullmatch(text.strip())
    if whole and "${{" not in whole.group(1):
        return evaluate(whole.group(1), contexts, functions)
    return _INSERTED.sub(lambda m: as_text(evaluate(m.group(1), contexts, functions)), text)


def condition(text, contexts, functions):
    """Return whether an `if:` holds; without a status function success() is asked for as well."""
    text = str(text).strip() if not isinstance(text, bool) else str(text).lower()
    found = list(_INSERTED.finditer(text))
    if found and not (len(found) == 1 and found[0].group(0) == text):
        # As on GitHub: a text around an expression is a text that is not empty, so it holds.
        inner = " ".join(each.group(1) for each in found)
        value = insert(text, contexts, functions)
    else:
        inner = found[0].group(1) if found else text
        value = evaluate(inner, contexts, functions) if inner.strip() else True
    if asks_for_status(inner):
        return truthy(value)
    return truthy(functions["success"]()) and truthy(value)


def truthy(value):
    """Say whether a value counts as true."""
    if isinstance(value, float) and math.isnan(value):
        return False
    return value not in (None, False, 0, "") or isinstance(value, list | dict)


def as_text(value):
    """Return a value as a step gets it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list | dict):
        return json.dumps(value, indent=2)
    return str(value)


def _number(value):
    if value is None:
        return 0.0
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        try:
            return float(value) if value.strip() else 0.0
        except ValueError:
            return math.nan
    return float(value) if isinstance(value, int | float) else math.nan


def same(left, right):
    """Compare as GitHub does: texts without regard to case, other kinds as numbers."""
    if isinstance(left, str) and isinstance(right, str):
        return left.lower() == right.lower()
    if isinstance(left, list | dict) or isinstance(right, list | dict):
        return left is right
    return _number(left) == _number(right)


def _contains(where, what):
    if isinstance(where, list):
        return any(same(each, what) for each in where)
    return as_text(what).lower() in as_text(where).lower()


def _format(text, *values):
    made = re.sub(r"\{(\d+)\}", lambda m: as_text(values[int(m.group(1))]), as_text(text))
    return made.replace("{{", "{").replace("}}", "}")


def _join(values, between=","):
    listed = values if isinstance(values, list) else [values]
    return as_text(between).join(as_text(each) for each in listed)


_FUNCTIONS = {
    "contains": _contains,
    "startswith": lambda text, part: as_text(text).lower().startswith(as_text(part).lower()),
    "endswith": lambda text, part: as_text(text).lower().endswith(as_text(part).lower()),
    "format": _format,
    "join": _join,
    "tojson": lambda value: json.dumps(value, indent=2),
    "fromjson": lambda text: json.loads(as_text(text)),
}


class _Reading:
    """One expression on its way from words to a value."""

    def __init__(self, words, contexts, functions):
        self.words, self.contexts, self.at = words, contexts, 0
        self.functions = {**_FUNCTIONS, **functions}

    def next_is(self, *signs):
        return self.at < len(self.words) and self.words[self.at] in [("sign", s) for s in signs]

    def take(self, *signs):
        if not self.next_is(*signs):
            found = self.words[self.at][1] if self.at < len(self.words) else "the end"
            raise NotAnExpression(f"expected {signs[0]!r} and found {found!r}")
        self.at += 1
        return self.words[self.at - 1][1]

    def either(self):
        value = self.both()
        while self.next_is("||"):
            self.take("||")
            other = self.both()
            value = value if truthy(value) else other
        return value

    def both(self):
        value = self.compared()
        while self.next_is("&&"):
            self.take("&&")
            other = self.compared()
            value = other if truthy(value) else value
        return value

    def compared(self):
        value = self.single()
        while self.next_is("==", "!=", "<", "<=", ">", ">="):
            sign = self.take("==", "!=", "<", "<=", ">", ">=")
            other = self.single()
            if sign in ("==", "!="):
                value = same(value, other) == (sign == "==")
            else:
                a, b = _number(value), _number(other)
                value = {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[sign]
        return value

    def single(self):
        if self.next_is("!"):
            self.take("!")
            return not truthy(self.single())
        if self.next_is("("):
            self.take("(")
            value = self.either()
            self.take(")")
            return self.reached(value)
        if self.at >= len(self.words):
            raise NotAnExpression("it ends too early")
        kind, word = self.words[self.at]
        self.at += 1
        if kind == "number":
            return float(int(word, 16)) if "x" in word.lower() else float(word)
        if kind == "text":
            return word[1:-1].replace("''", "'")
        if kind == "name":
            return self.named(word)
        raise NotAnExpression(f"{word!r} stands where a value should")

    def named(self, word):
        if self.next_is("("):
            return self.reached(self.called(word))
        constants = {"true": True, "false": False, "null": None, "nan": math.nan}
        if word.lower() in constants:
            return constants[word.lower()]
        if word.lower() not in self.contexts:
            raise NotAnExpression(f"there is no context named {word!r} here")
        return self.reached(self.contexts[word.lower()])

    def called(self, word):
        self.take("(")
        given = []
        while not self.next_is(")"):
            given.append(self.either())
            if not self.next_is(")"):
                self.take(",")
        self.take(")")
        if word.lower() not in {name.lower() for name in self.functions}:
            raise NotAnExpression(f"there is no function named {word!r} here")
        function = {name.lower(): each for name, each in self.functions.items()}[word.lower()]
        try:
            return function(*given)
        except (TypeError, ValueError, IndexError) as error:
            raise NotAnExpression(f"{word}(…) cannot be called so: {error}") from None

    def reached(self, value):
        """Follow `.name`, `[…]` and `.*` from a value."""
        spread = False
        while self.next_is(".", "["):
            if self.take(".", "[") == "[":
                key = self.either()
                self.take("]")
            elif self.next_is("*"):
                self.take("*")
                spread = True
                value = list(value.values()) if isinstance(value, dict) else (value or [])
                continue
            else:
                kind, key = self.words[self.at] if self.at < len(self.words) else ("end", "")
                if kind != "name":
                    raise NotAnExpression(f"{key!r} stands where a name should")
                self.at += 1
            value = [_part(each, key) for each in value] if spread else _part(value, key)
        return value


def _part(value, key):
    if isinstance(value, list) and isinstance(key, float | int):
        return value[int(key)] if 0 <= int(key) < len(value) else None
    if isinstance(value, dict):
        for name, part in value.items():
            if str(name).lower() == as_text(key).lower():
                return part
    return None
