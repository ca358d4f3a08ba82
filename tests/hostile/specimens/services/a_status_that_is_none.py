"""Answers with a status that is no number of HTTP."""


async def app(scope, receive, send):
    if scope["type"] != "http":
        raise RuntimeError
    await send({"type": "http.response.start", "status": [200] * 1000, "headers": []})
    await send({"type": "http.response.body", "body": b"{}"})
