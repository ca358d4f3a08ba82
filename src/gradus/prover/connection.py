"""One HTTP/1.1 connection that carries one request at a time.

It must not decide when to send, and must not raise for anything that a service does.
"""

import asyncio
from collections.abc import Callable

import httptools

from gradus.prover.exchange import Outcome, Response

LARGEST_BODY = 16 * 2**20
"""Bytes of a response body after which a service is taken to stream for ever."""

Ended = Callable[[Outcome, Response], None]


class Connection(asyncio.Protocol):
    """A connection from its opening to its end; `carry` sends a request on it when it is idle."""

    def __init__(self, freed: Callable[["Connection"], None]) -> None:
        self._freed = freed
        self._ended: Ended | None = None
        self._transport: asyncio.Transport | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self._body: list[bytes] = []
        self._size = 0
        self._headers: dict[str, str] = {}
        self._keeps = True
        self.open = False

    def carry(self, wire: bytes, ended: Ended) -> None:
        """Send a request; `ended` is called once, however it ends."""
        assert self._transport is not None
        assert self._ended is None
        self._ended = ended
        self._begin()
        self._transport.write(wire)

    def give_up(self, outcome: Outcome) -> None:
        """End the request that is under way, if any, and the connection with it."""
        self._finish(outcome, Response(0))
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self.open = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.open = True

    def connection_lost(self, exc: Exception | None) -> None:
        """End what was under way; a body without a length ends properly here."""
        self.open = False
        if self._ended is None:
            return
        if self._parser is not None and self._until_closed():
            self._finish(Outcome.ANSWERED, self._response())
        else:
            self._finish(Outcome.CLOSED, Response(0))

    def data_received(self, data: bytes) -> None:
        """Take a piece of a response."""
        if self._ended is None or self._parser is None:
            self.close()  # nobody asked: this connection cannot be trusted any more
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self.give_up(Outcome.MALFORMED)
        except httptools.HttpParserError:
            if self._ended is not None:
                self.give_up(Outcome.MALFORMED)

    # What the parser calls.

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header field; of a repeated one the last."""
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body, within its bound."""
        self._size += len(body)
        if self._size > LARGEST_BODY:
            self.give_up(Outcome.TOO_LARGE)
        else:
            self._body.append(body)

    def on_message_complete(self) -> None:
        """End the request that was answered; an interim answer such as 100 is passed over."""
        assert self._parser is not None
        if self._parser.get_status_code() < 200:
            self._forget()
            return
        self._keeps = bool(self._parser.should_keep_alive())
        self._finish(Outcome.ANSWERED, self._response())

    def _begin(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._forget()

    def _forget(self) -> None:
        self._body, self._size, self._headers = [], 0, {}

    def _response(self) -> Response:
        assert self._parser is not None
        code = self._parser.get_status_code()
        return Response(code, self._headers, b"".join(self._body))

    def _until_closed(self) -> bool:
        has_length = {"content-length", "transfer-encoding"} & self._headers.keys()
        assert self._parser is not None
        return bool(self._headers) and not has_length and self._parser.get_status_code() >= 200

    def _finish(self, outcome: Outcome, response: Response) -> None:
        ended, self._ended = self._ended, None
        if ended is None:
            return
        if outcome is Outcome.ANSWERED and self._keeps and self.open:
            self._freed(self)
        else:
            self.close()
        ended(outcome, response)
