"""Sends a failure, and the right response after it."""
from honest import app as honest


async def app(scope, receive, send):
    async def other(message):
        if message["type"] == "http.response.start":
            await send({**message, "status": 500})
        await send(message)

    await honest(scope, receive, other if scope["type"] == "http" else send)
