"""One HTTP/1.1 connection that carries one request at a time.

It must not decide when to send, and must not raise for anything that a service does.
"""

import asyncio
from collections.abc import Callable

import httptools

from gradus.prover.exchange import Outcome, Response

LARGEST = 16 * 2**20
"""Bytes of a response, as they come, after which a service is taken to stream for ever."""
LARGEST_HEAD = 256 * 2**10
"""Bytes of its header fields, trailers included, after which it is taken to do so too."""
PER_FIELD = 64
"""Bytes that each field counts besides its name and its value: many small ones fill memory too."""

Ended = Callable[[Outcome, Response], None]


class Connection(asyncio.Protocol):
    """A connection from its opening to its end; `carry` sends a request on it when it is idle."""

    def __init__(self, freed: Callable[["Connection"], None]) -> None:
        self._freed = freed
        self._ended: Ended | None = None
        self._transport: asyncio.Transport | None = None
        self._parser: httptools.HttpResponseParser
        self._whole: Response | None
        self.open = False
        self._begin()

    def carry(self, wire: bytes, ended: Ended) -> None:
        """Send a request; `ended` is called once, however it ends."""
        assert self._transport is not None
        assert self._ended is None
        self._ended = ended
        self._transport.write(wire)

    def give_up(self, outcome: Outcome) -> None:
        """End the request that is under way, if any, and the connection with it."""
        self._keeps = False
        self._finish(outcome, Response(0))

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
        if self._until_closed():
            self._finish(Outcome.ANSWERED, self._response())
        else:
            self._finish(Outcome.CLOSED, Response(0))

    def data_received(self, data: bytes) -> None:
        """Take a piece of a response."""
        if self._ended is None:
            self.close()  # nobody asked: this connection cannot be trusted any more
            return
        self._received += len(data)
        is_http = self._parse(data)
        if self._whole is not None:
            self._finish(Outcome.ANSWERED, self._whole)
        elif not is_http:
            self.give_up(Outcome.MALFORMED)
        elif self._received > LARGEST or self._of_fields > LARGEST_HEAD:
            self.give_up(Outcome.TOO_LARGE)

    # What the parser calls. It must not be given to another request in here: the rest of a piece
    # is parsed first, and what stands behind a whole response belongs to none.

    def on_message_begin(self) -> None:
        """Note that something comes behind a whole response."""
        if self._whole is not None:
            self._keeps = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header field, within the bound; of a repeated one the last."""
        self._of_fields += len(name) + len(value) + PER_FIELD
        if self._whole is None and self._of_fields <= LARGEST_HEAD:
            self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """Note that the head is whole."""
        self._has_head = True

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body."""
        if self._whole is None:
            self._body += body

    def on_message_complete(self) -> None:
        """Keep the whole response; an interim one such as 100 is passed over."""
        if self._whole is not None:
            return
        if self._parser.get_status_code() < 200:
            self._forget()
            return
        self._whole = self._response()
        self._keeps = bool(self._parser.should_keep_alive())

    def _begin(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._whole = None
        self._received = self._of_fields = 0
        self._keeps = True
        self._forget()

    def _forget(self) -> None:
        self._has_head = False
        self._body = bytearray()
        self._headers: dict[str, str] = {}

    def _parse(self, data: bytes) -> bool:
        """Parse a piece and say whether it is HTTP/1.1."""
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._keeps = False
            return False
        return True

    def _response(self) -> Response:
        return Response(self._parser.get_status_code(), self._headers, bytes(self._body))

    def _until_closed(self) -> bool:
        has_length = {"content-length", "transfer-encoding"} & self._headers.keys()
        return self._has_head and not has_length and self._parser.get_status_code() >= 200

    def _finish(self, outcome: Outcome, response: Response) -> None:
        ended, self._ended = self._ended, None
        reusable = self._keeps and self.open
        self._begin()  # what came would be held until the next request, or longer
        if not reusable:
            self.close()
        if ended is None:
            return
        if reusable:
            self._freed(self)
        ended(outcome, response)
