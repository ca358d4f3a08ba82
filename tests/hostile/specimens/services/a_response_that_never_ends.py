"""Sends the whole body and says that more will come."""
from honest import app as honest


async def app(scope, receive, send):
    async def other(message):
        await send({**message, "more_body": True})

    await honest(scope, receive, other if scope["type"] == "http" else send)
