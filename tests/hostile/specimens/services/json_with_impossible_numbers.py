"""Answers with JSON whose numbers and texts are none."""


async def app(scope, receive, send):
    if scope["type"] != "http":
        raise RuntimeError
    headers = [(b"content-type", b"application/json")]
    body = b'{"twice": 1' + b"0" * 5000 + b', "twice": "\\ud800\\u0000", "b": 1e999}'
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
