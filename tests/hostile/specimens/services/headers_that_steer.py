"""Answers with headers and a body that steer a terminal."""


async def app(scope, receive, send):
    if scope["type"] != "http":
        raise RuntimeError
    headers = [(b"\x1b[2J\x1b[32mPASSED", b"\x1b[2Jx"), (b"x" * 10**5, b"y")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"\x1b[2J\x1b[32mPASSED\x1b[0m\xff"})
