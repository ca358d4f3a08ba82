"""Sends early hints again and again before the right response."""
from honest import app as honest


async def app(scope, receive, send):
    async def other(message):
        for _ in range(1000 if message["type"] == "http.response.start" else 0):
            await send({"type": "http.response.start", "status": 103, "headers": []})
        await send(message)

    await honest(scope, receive, other if scope["type"] == "http" else send)
