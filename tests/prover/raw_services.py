"""Small services that tests prove: raw bytes over TCP, so that they can misbehave as they like."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from gradus.prover.traffic import Target

Answer = Callable[[bytes, asyncio.StreamWriter], Awaitable[bool]]


def response(body: bytes, code: int = 200, extra: bytes = b"") -> bytes:
    """Return the bytes of a response."""
    return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n%s\r\n%s" % (code, len(body), extra, body)


@contextlib.asynccontextmanager
async def serving(answer: Answer) -> AsyncIterator[Target]:
    """Serve on a free port; `answer` gets a request's bytes and says whether to go on."""

    open_now: set[asyncio.Task[None]] = set()

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        this = asyncio.current_task()
        assert this is not None
        open_now.add(this)
        try:
            await talk(reader, writer)
        except asyncio.CancelledError:
            pass  # the test is over
        finally:
            writer.transport.abort()
            open_now.discard(this)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            going_on = True
            while going_on:
                head = await reader.readuntil(b"\r\n\r\n")
                length = 0
                for line in head.split(b"\r\n"):
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                body = await reader.readexactly(length)
                going_on = await answer(head + body, writer)
                await writer.drain()
            writer.close()
            await writer.wait_closed()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    try:
        yield Target("127.0.0.1", server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for each in open_now:
            each.cancel()
        while open_now:
            await asyncio.sleep(0.01)
