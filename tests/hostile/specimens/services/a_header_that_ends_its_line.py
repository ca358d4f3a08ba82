"""Sends a header that is two."""
from honest import app as honest


async def app(scope, receive, send):
    async def other(message):
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], (b"x", b"1\r\nset-cookie: a")]}
        await send(message)

    await honest(scope, receive, other if scope["type"] == "http" else send)
