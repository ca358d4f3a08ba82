"""What was handed in, as a check meets it, for the kinds that are more than one callable.

The judge builds these; the words here travel over `Far` or read the submission's bytes.
"""

import json as json_text
import re
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from gradus.check.answers import Answer
from gradus.check.assertions import Assertions
from gradus.check.far import Far, Outcome, Unmet
from gradus.check.nesting import refuse_depth
from gradus.check.show import show, show_call
from gradus.core.verdict import Finding

BETWEEN_QUESTIONS = 0.05
"""Seconds before a service that was not ready is asked again."""
MOST_JSON = 4_000_000
"""Bytes of a JSON body: as objects here they take up to thirty times as much."""
_PART = r"""(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_LONG_KEY = re.compile(rf"(?<![\w\"'\\-])(?:{_PART}[ \t]*+\.[ \t]*+){{200}}")
"""A key of so many parts takes the square of their number, in time and in memory."""
MOST_TOML = 64_000
"""Characters of a TOML file: reading keys of many parts takes the square of their number."""


class Answers:
    """An answers file: `answers.q1`, `answers["q1"]`, nested tables by more of the same."""

    def __init__(self, values: Mapping[str, Any], label: str = "") -> None:
        self._values = values
        self._label = label

    def names(self) -> list[str]:
        """Return the keys that are there."""
        return list(self._values)

    def __getitem__(self, name: str) -> Any:
        label = f"{self._label}.{name}" if self._label else name
        if name not in self._values:
            raise Unmet(Finding(label, "not answered", "an answer to it in your file"))
        value = self._values[name]
        if isinstance(value, dict):
            return Answers(value, label)
        return Answer(label, Outcome(value=value))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name.startswith(("must_", "as_")):
            self._refuse_table()
        return self[name]

    def _refuse_table(self) -> NoReturn:
        raise Unmet(Finding(self._label, "a table of answers", "a single answer"))


class Folder:
    """A folder of files as it was handed in; `module` runs one of them on the far side."""

    def __init__(
        self,
        files: Callable[[], Mapping[str, bytes]],
        import_module: Callable[[str], Answer] | None = None,
        far: Callable[[], Far] | None = None,
    ) -> None:
        self._files = files
        self._import = import_module
        self._get_far = far

    @property
    def _far(self) -> Far:
        if self._get_far is None:
            raise TypeError("a folder has no process of its own: ask what module() gives")
        return self._get_far()

    def names(self) -> list[str]:
        """Return the paths of all files, sorted."""
        return sorted(self._files())

    def has(self, path: str) -> Answer:
        """Return an answer of True where there is such a file."""
        return Answer(f"is there a file {path}", Outcome(value=path in self._files()))

    def bytes(self, path: str) -> Answer:
        """Return a file's bytes; a finding where it is missing."""
        files = self._files()
        if path not in files:
            there = ", ".join(sorted(files)[:8]) or "no files"
            raise Unmet(Finding(path, f"missing; there are {there}", "a file of that name"))
        return Answer(path, Outcome(value=files[path]))

    def text(self, path: str) -> Answer:
        """Return a UTF-8 file's text; a finding where it is missing or of another encoding."""
        content = self.bytes(path).as_value()
        try:
            return Answer(path, Outcome(value=content.decode("utf-8-sig")))
        except UnicodeDecodeError as error:
            place = f"byte {error.start} is not UTF-8"
            raise Unmet(Finding(path, place, "a text in UTF-8")) from None

    def toml(self, path: str) -> Answers:
        """Return a TOML file's answers; a finding where it is malformed."""
        return read_answers(self.text(path).as_value(), path)

    def module(self, name: str) -> Answer:
        """Import `<name>.py` of the folder on the far side."""
        if self._import is None:
            raise TypeError("this lab's entry has no code to import")
        self.bytes(f"{name}.py")
        return self._import(name)


class Place(Folder):
    """The folder in which code works, as it is now; `module` starts the code once more there."""

    def __init__(
        self,
        files: Callable[[], Mapping[str, bytes]],
        start: Callable[[str], Answer],
        lay: Callable[[Mapping[str, bytes]], None],
    ) -> None:
        super().__init__(files, start)
        self._lay = lay

    def write(self, path: str, content: bytes) -> None:
        """Lay a file into the folder, over one of that name."""
        self._lay({path: content})


def read_answers(content: str, path: str) -> Answers:
    """Parse TOML; a syntax error is a finding that names the line."""
    return Answers(read_toml(content, path))


def read_toml(content: str, path: str, most: int = MOST_TOML) -> dict[str, Any]:
    """Parse TOML of at most so many characters, with bounds on what that takes; or a finding."""
    if len(content) > most:
        size = f"{len(content):,} characters, more than {most:,}"
        raise Unmet(Finding(path, size, "a short TOML file"))
    try:
        if _LONG_KEY.search(content):
            raise RecursionError("a key of too many parts")
        values = tomllib.loads(content)
        refuse_depth(values)
    except RecursionError:
        raise Unmet(Finding(path, "not TOML: it is nested too deep", "a TOML file")) from None
    except ValueError as error:
        raise Unmet(Finding(path, f"not TOML: {error}", "a TOML file")) from None
    return values


class Command(Folder):
    """A command: run it with words of the check, then read what it left in the folder."""

    def __init__(
        self,
        files: Callable[[], Mapping[str, bytes]],
        run: Callable[[Sequence[str], Mapping[str, bytes], Mapping[str, str]], Outcome],
        far: Callable[[], Far],
        shown: str,
    ) -> None:
        super().__init__(files, far=far)
        self._run = run
        self._shown = shown

    def run(
        self,
        *words: str,
        files: Mapping[str, bytes] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Answer:
        """Run the command with more words, after laying `files` into the folder.

        The answer is `{"exit": int, "stdout": str, "stderr": str}`. What an earlier run of the
        same example wrote is still there.
        """
        call = " ".join((self._shown, *words))
        outcome = self._run(words, files or {}, environment or {})
        return Answer(call, outcome, self._far)


class Response(Assertions):
    """What the service answered to one request."""

    __slots__ = ("_call", "_raised", "_value")

    def __init__(self, call: str, outcome: Outcome) -> None:
        self._call = call
        self._raised = outcome.raised
        self._value = outcome.value
        if self._raised is None and not _is_response(self._value):
            raise Unmet(Finding(call, f"no response ({show(self._value)})", "a response"))

    def _told(self) -> str:
        return self._call

    def as_argument(self) -> str:
        """Return the request, as a learner reads it."""
        return self._call

    def as_value(self) -> dict[str, Any]:
        """Return `{"status", "headers", "body"}`; a finding where the application raised."""
        value: dict[str, Any] = self._returned("a response")
        return value

    def must_have_status(self, *allowed: int, because: str = "") -> "Response":
        """Demand one of these HTTP status codes."""
        expected = "status " + " or ".join(map(str, allowed))
        value = self._returned(expected, because)
        if value["status"] not in allowed:
            body = value["body"][:200].decode("utf-8", "replace")
            raise Unmet(
                Finding(self._call, f"status {value['status']}: {body}", expected, note=because)
            )
        return self

    @property
    def status(self) -> Answer:
        """The status code."""
        return Answer(f"status of {self._call}", Outcome(value=self.as_value()["status"]))

    @property
    def text(self) -> Answer:
        """The body as text."""
        body = self.as_value()["body"].decode("utf-8", "replace")
        return Answer(f"body of {self._call}", Outcome(value=body))

    @property
    def json(self) -> Answer:
        """The body as JSON (NaN is not JSON); a finding where it is not, or is too long."""
        body = self.as_value()["body"]
        if len(body) > MOST_JSON:
            size = f"{len(body):,} bytes, more than {MOST_JSON:,}"
            raise Unmet(Finding(self._call, size, "a short JSON body"))
        try:
            value = json_text.loads(body, parse_constant=_no_constant)
            refuse_depth(value)
        except (ValueError, RecursionError) as error:
            text = body[:200].decode("utf-8", "replace")
            why = "It is nested too deep." if isinstance(error, RecursionError) else f"{error}."
            raise Unmet(Finding(self._call, text, "a JSON body", note=why)) from None
        return Answer(f"JSON of {self._call}", Outcome(value=value))

    def header(self, name: str) -> Answer:
        """A header's value; a finding where it is missing."""
        headers = self.as_value()["headers"]
        if name.lower() not in headers:
            there = ", ".join(headers) or "no headers"
            raise Unmet(Finding(self._call, f"only {there}", f"the header {name}"))
        return Answer(f"header {name} of {self._call}", Outcome(value=headers[name.lower()]))


def _is_response(value: Any) -> bool:
    """Say whether a value has the form of a response, whoever made it."""
    match value:
        case {"status": int(status), "headers": dict(headers), "body": bytes()}:
            plain = all(type(each) is str for pair in headers.items() for each in pair)
            return plain and type(status) is int
    return False


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


class Service:
    """A running ASGI application, met through requests alone."""

    def __init__(
        self,
        send: Callable[[list[dict[str, Any]], bool], list[Outcome]],
        restart: Callable[[Mapping[str, str], Mapping[str, bytes]], None],
        write: Callable[[Mapping[str, bytes]], None],
        far: Callable[[], Far],
        trace: Callable[[], list[Any] | None],
    ) -> None:
        self._write = write
        self._send = send
        self._restart = restart
        self._get_far = far
        self._trace = trace

    @property
    def _far(self) -> Far:
        return self._get_far()

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Response:
        """Send a GET request."""
        return self.request("GET", path, headers=headers)

    def post(
        self,
        path: str,
        json: Any = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send a POST request with a JSON value or with raw bytes."""
        return self.request("POST", path, json=json, body=body, headers=headers)

    def request(
        self,
        method: str,
        path: str,
        json: Any = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send one request and wait for its response."""
        message, call = request_message(method, path, json, body, headers)
        [outcome] = self._send([message], False)
        return Response(call, outcome)

    def together(self, requests: Sequence[tuple[str, str, Any]]) -> list[Response]:
        """Send `(method, path, json)` requests at the same time; responses in their order."""
        return self._several(requests, together=True)

    def in_turn(self, requests: Sequence[tuple[str, str, Any]]) -> list[Response]:
        """Send `(method, path, json)` requests, each once the one before it was answered."""
        return self._several(requests, together=False)

    def ask_until(
        self, ask: Callable[[], Response], enough: Callable[[Response], bool], seconds: float
    ) -> Response:
        """Call `ask` every 50 ms until `enough(response)`, for `seconds`; return the last response.

        How often it had to ask is the clock's doing: a mistake is known by the last response alone.
        """
        trace = self._trace()
        before = len(trace or ())
        until = time.monotonic() + seconds
        while not enough(response := ask()) and time.monotonic() < until:
            if trace is not None:
                del trace[before:]
            time.sleep(BETWEEN_QUESTIONS)
        return response

    def _several(self, requests: Sequence[tuple[str, str, Any]], together: bool) -> list[Response]:
        made = [request_message(method, path, json, None, None) for method, path, json in requests]
        outcomes = self._send([message for message, _ in made], together)
        return [Response(call, out) for (_, call), out in zip(made, outcomes, strict=True)]

    def restart(
        self,
        environment: Mapping[str, str] | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> None:
        """Stop it and start it again from what was handed in, in a fresh process.

        `files` lie over what was handed in and `environment` is added, for this start alone.
        """
        self._restart(environment or {}, files or {})

    def write(self, path: str, content: bytes) -> None:
        """Change a file in the folder of the running service."""
        self._write({path: content})


def request_message(
    method: str,
    path: str,
    json: Any,
    body: bytes | None,
    headers: Mapping[str, str] | None,
) -> tuple[dict[str, Any], str]:
    """Return a request as plain values, and the text that a learner reads."""
    sent = {key.lower(): value for key, value in (headers or {}).items()}
    shown = f"{method} {path}"
    if body is None and json is not None:
        body = json_text.dumps(json).encode()
        sent.setdefault("content-type", "application/json")
        text = body.decode()
        shown += f" {text if len(text) <= 200 else text[:198] + ' …'}"
    elif body:
        shown += f" {show(body, 120)}"
    message = {"method": method, "path": path, "headers": sent, "body": body or b""}
    return message, shown


class Reader:
    """The lab's `reader.py`, run where the learner's code is not; each call gives an answer."""

    def __init__(self, call: Callable[[str, tuple[Any, ...]], Outcome]) -> None:
        self._call_reader = call

    def __getattr__(self, name: str) -> Callable[..., Answer]:
        if name.startswith("_"):
            raise AttributeError(name)

        def read(*args: Any) -> Answer:
            return Answer(show_call(name, args, {}), self._call_reader(name, args))

        return read
