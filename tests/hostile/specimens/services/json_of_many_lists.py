"""Answers with JSON that takes twenty times its size as objects."""


async def app(scope, receive, send):
    if scope["type"] != "http":
        raise RuntimeError
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"[" + b"[]," * 8_000_000 + b"1]"})
