"""Answers with JSON that is nested as deep as a reader can just follow."""


async def app(scope, receive, send):
    if scope["type"] != "http":
        raise RuntimeError
    headers = [(b"content-type", b"application/json")]
    body = b'{"twice":' + b"[" * 900 + b"]" * 900 + b"}"
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
