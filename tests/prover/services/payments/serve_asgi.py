"""The same service in Starlette, under uvicorn."""

import sys

import uvicorn
from serve import opened
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.routing import Route

COUNTER = opened()


def answer(code, value, headers):
    return JSONResponse(value, code, headers)


def ready(_):
    return answer(*COUNTER.ready())


def version(_):
    return answer(*COUNTER.version())


async def score(request):
    identifier = request.headers.get("X-Request-ID", "")
    return answer(*await run_in_threadpool(COUNTER.score, await request.body(), identifier))


APP = Starlette(
    routes=[
        Route("/health", ready),
        Route("/version", version),
        Route("/score", score, methods=["POST"]),
    ]
)

if __name__ == "__main__":
    uvicorn.run(APP, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False)
