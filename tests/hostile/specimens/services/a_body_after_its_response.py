"""Ends the response and sends its body after that."""
from honest import app as honest


async def app(scope, receive, send):
    async def other(message):
        if message["type"] == "http.response.body":
            await send({**message, "body": b""})
        await send(message)

    await honest(scope, receive, other if scope["type"] == "http" else send)
