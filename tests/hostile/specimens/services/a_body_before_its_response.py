"""Sends a body before the response begins."""
from honest import app as honest


async def app(scope, receive, send):
    async def other(message):
        if message["type"] == "http.response.start":
            await send({"type": "http.response.body", "body": b"", "more_body": True})
        await send(message)

    await honest(scope, receive, other if scope["type"] == "http" else send)
