"""Says a shorter body than it sends."""
from honest import app as honest


async def app(scope, receive, send):
    async def other(message):
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], (b"content-length", b"3")]}
        await send(message)

    await honest(scope, receive, other if scope["type"] == "http" else send)
