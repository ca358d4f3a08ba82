"""A request that comes to us is read and answered; half a one is let go without a word."""

import asyncio

import pytest

from gradus.prover import incoming

SAID = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


def met(sent):
    """Send bytes and the end of them; return the body that was read, and what came back."""
    read = []

    async def talk():
        done = asyncio.Event()

        async def meet(reader, writer):
            read.append(await incoming.answer(reader, writer, SAID))
            done.set()

        server = await asyncio.start_server(meet, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(sent)
            writer.write_eof()
            said = await reader.read()
            writer.close()
            await writer.wait_closed()
            await done.wait()
        return said

    said = asyncio.run(talk())
    return read[0], said


@pytest.mark.parametrize(
    ("sent", "body"),
    [
        (b"POST / HTTP/1.1\r\ncontent-LENGTH: 3\r\n\r\nabc", b"abc"),
        (b"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", b""),
    ],
)
def test_a_request_is_answered_and_its_body_returned(sent, body):
    assert met(sent) == (body, SAID)


@pytest.mark.parametrize(
    "sent",
    [b"", b"POST / HT", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc",
     b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n"],
    ids=["nothing", "half a head", "half a body", "no length"],
)  # fmt: skip
def test_half_a_request_is_none(sent):
    assert met(sent) == (None, b"")
