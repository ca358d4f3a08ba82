"""An ASGI application that doubles numbers."""

import json


async def app(scope, receive, send):
    if scope["type"] != "http":
        raise RuntimeError("no lifespan here")
    body = (await receive())["body"]
    n = json.loads(body)["n"]
    fine = isinstance(n, int)
    answer = {"twice": 2 * n} if fine else {"error": "n must be a number"}
    headers = [(b"content-type", b"application/json")]
    status = 200 if fine else 422
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(answer).encode()})
