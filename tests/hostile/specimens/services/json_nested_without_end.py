"""Answers with JSON that is nested deeper than a reader may recurse."""


async def app(scope, receive, send):
    if scope["type"] != "http":
        raise RuntimeError
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"[" * 10**6})
