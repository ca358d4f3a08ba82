"""Requests that come to us: as much of one is read as must be, so that it can be answered.

It must not judge what a request says.
"""

import asyncio
import contextlib

LARGEST = 2**20
"""Bytes of a body that are read."""
_SECONDS = 10.0
_BROKEN = (OSError, ValueError, EOFError, asyncio.LimitOverrunError)


async def answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, said: bytes
) -> bytes | None:
    """Read one request, answer it, close its connection; return its body, or None for half one."""
    body = None
    with contextlib.suppress(*_BROKEN):
        async with asyncio.timeout(_SECONDS):
            head = await reader.readuntil(b"\r\n\r\n")
            length = 0
            for line in head.split(b"\r\n"):
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = min(int(value), LARGEST)
            body = await reader.readexactly(length)
            writer.write(said)
            await writer.drain()
    writer.close()
    return body
