"""Returns errors whose fields are missing or of other kinds."""
import sys


async def app(scope, receive, send):
    driver = sys.modules["gradus_asgi"]
    driver.Application.send = lambda self, requests, together, seconds: [
        {"error": 5} for _ in requests
    ]
    raise RuntimeError
