"""The same service in another framework: Starlette behind uvicorn.

python asgi.py PORT
"""

import asyncio
import sys

import uvicorn
from model import DOCUMENT, checked, score
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

ROOM = asyncio.Semaphore(64)


async def health(request: Request) -> JSONResponse:
    """Say that the service is ready."""
    return JSONResponse({})


async def predict(request: Request) -> JSONResponse:
    """Predict."""
    headers = {"X-Request-ID": request.headers.get("X-Request-ID", "")}
    if ROOM.locked():
        return JSONResponse({"error": "busy"}, 503, headers)
    async with ROOM:
        try:
            rows = checked(await request.body())
        except ValueError as fault:
            return JSONResponse({"error": str(fault)}, 422, headers)
        return JSONResponse({"predictions": [score(row) for row in rows]}, 200, headers)


async def openapi(request: Request) -> JSONResponse:
    """Describe the service."""
    return JSONResponse(DOCUMENT)


app = Starlette(
    routes=[
        Route("/health", health),
        Route("/openapi.json", openapi),
        Route("/predict", predict, methods=["POST"]),
    ]
)

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
