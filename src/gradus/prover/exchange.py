"""One request and what came back, as plain nouns; nothing is sent here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

SHEDS = (429, 503)
"""Status codes that refuse a request for want of room."""


class Outcome(StrEnum):
    """How a request ended."""

    ANSWERED = "answered"
    """A whole response came back, whatever its status code."""
    REFUSED = "refused"
    """No connection could be made."""
    CLOSED = "closed"
    """The connection ended before the response was whole."""
    MALFORMED = "malformed"
    """What came back is not HTTP/1.1."""
    TOO_LARGE = "too-large"
    """The response went on past the bound on its size."""
    TIMED_OUT = "timed-out"
    """The response was not whole in time."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent."""

    method: str
    """Such as `POST`."""
    path: str
    """Path with query, such as `/v2/models/m/infer`."""
    body: bytes = b""
    """The body; its length is sent in any case."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Header fields besides `Host` and `Content-Length`."""
    raw: bytes = b""
    """What goes out as it is, where the request is not proper HTTP; the rest only describes it."""
    alone: bool = False
    """Whether its connection is new and carries nothing else."""

    def wire(self, host: str) -> bytes:
        """Return the bytes of the request for a host, keeping the connection open."""
        if self.raw:
            return self.raw
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.body or self.method in ("POST", "PUT", "PATCH"):
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


@dataclass(frozen=True, slots=True)
class Response:
    """What came back."""

    code: int
    """The HTTP status code; 0 where there was no whole response."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Header fields, names in small letters."""
    body: bytes = b""
    """The body as it came."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with its times, in seconds on the generator's clock from the run's start."""

    number: int
    """Its place in the schedule, from 0."""
    intended: float
    """When it was to be sent: latency counts from here, so that a stall of the service counts."""
    picked: float
    """When the generator turned to it; `picked - intended` is the generator's own lateness."""
    sent: float
    """When it was written to a connection; NaN where none could be made."""
    ended: float
    """When it was over, however it ended."""
    outcome: Outcome
    """How it ended."""
    response: Response
    """What came back."""

    @property
    def latency(self) -> float:
        """Return seconds from the intended start to the end."""
        return self.ended - self.intended

    @property
    def good(self) -> bool:
        """Say whether it was answered with a 2xx status code."""
        return self.outcome is Outcome.ANSWERED and 200 <= self.response.code < 300
