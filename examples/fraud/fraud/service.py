"""The API: typed questions in, scores out; every answer is in the log before it is sent."""

import asyncio
import contextlib
import re
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from pydantic import BaseModel, Field

from fraud import defects, page
from fraud.contract import Question, Report, row_of
from fraud.defects import planted
from fraud.releases import Models, current
from fraud.scoring import Busy, NotReady, Scorer, Work
from fraud.settings import Settings
from fraud.store import Store
from fraud.stream import Reader
from fraud.watch import Post, Watch

REVIEW_COST = 5.0
"""Euros that a person's look at a payment costs: below that expected loss nobody looks."""
LARGEST_BODY = 16 * 1024
BODY_SECONDS = 3.0
"""Seconds within which the whole of a body has to be there."""
CLOSE = {"Connection": "close"}
"""Said with a refusal of what was not read to its end."""
IDENTIFIER = re.compile(r"(?!stream-)[\x21-\x7e]{1,128}")
"""What a request may call itself; the stream's payments have the names that begin as theirs do."""


class TooLarge(Exception):
    """A body that is longer than any payment."""


class Answer(BaseModel):
    """What is said of a payment."""

    payment_id: str | None
    score: Annotated[float, Field(ge=0, le=1)]
    """The probability that it is a fraud."""
    decision: Literal["accept", "review"]
    version: str
    """The version of the model that said so."""


def create_app(settings: Settings) -> FastAPI:
    """Return the application; its threads run while it does."""
    defects.check()

    @contextlib.asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        app.state.store = store = Store(settings.database)
        models = Models(settings.models)
        watch = Watch(store, models, settings.label_days)
        app.state.scorer = scorer = Scorer(store, models, watch, settings.queue)
        app.state.began = time.monotonic()
        app.state.over = asyncio.Event()
        threads: list[Any] = [scorer]
        if settings.webhook:
            threads.append(Post(store, watch, settings.webhook))
        app.state.reader = reader = Reader(settings.brokers, store, scorer)
        if settings.brokers:
            threads.append(reader)
        _warm_up(store, models)
        for each in threads:
            each.start()
        yield
        app.state.over.set()
        for each in reversed(threads):
            await asyncio.to_thread(each.stop)
        store.close()

    app = FastAPI(title="Fraud scorer", version="1", lifespan=running)
    app.add_exception_handler(RequestValidationError, _refuse)
    app.add_middleware(Bounds, most=settings.queue)
    _add_api(app, settings)
    _add_page(app)
    return app


def _add_api(app: FastAPI, settings: Settings) -> None:
    @app.get("/health")
    async def health() -> JSONResponse:
        """Say whether payments can be scored, and whether the stream is read."""
        early = planted("slow-start") and time.monotonic() - app.state.began < 600
        ready = not early and app.state.scorer.is_alive() and current(app.state.store) is not None
        stream = app.state.reader.says if settings.brokers else "there is none"
        return JSONResponse({"ready": ready, "stream": stream}, 200 if ready else 503)

    @app.get("/version")
    async def version() -> dict[str, Any]:
        """Name what is in service."""
        release = current(app.state.store)
        if release is None:
            return {"model": None, "challenger": None, "share": 0.0}
        return {
            "model": release.champion,
            "challenger": release.challenger,
            "share": release.share,
        }

    @app.post("/predict", response_model=Answer)
    async def predict(
        payment: Question, x_request_id: Annotated[str | None, Header()] = None
    ) -> JSONResponse:
        """Score one payment. The same identifier with the same payment gets the same answer."""
        name = x_request_id or str(uuid.uuid4())
        if not IDENTIFIER.fullmatch(name):
            says = "X-Request-ID is up to 128 visible ASCII characters, and not 'stream-…'"
            return _fault(400, says)
        try:
            row = row_of(payment)
            done = app.state.scorer.submit(Work({name: row}))
            scored = (await asyncio.wrap_future(done))[name]
        except Busy:
            return _fault(503, "too many requests wait already", {"Retry-After": "1"})
        except NotReady as fault:
            return _fault(503, str(fault), {"Retry-After": "5"})
        if not scored.is_of(row):
            return _fault(409, "this X-Request-ID was used for another payment")
        head = {} if planted("no-echo") else {"X-Request-ID": name}
        head["X-Variant"] = scored.variant
        looks = scored.score * payment.amount > REVIEW_COST
        answer = Answer(
            payment_id=payment.payment_id,
            score=min(scored.score, 1.0),
            decision="review" if looks else "accept",
            version=scored.version,
        )
        return JSONResponse(answer.model_dump(), headers=head)

    @app.post("/reports")
    async def report(reports: list[Report]) -> JSONResponse:
        """Take in what became of payments, as many as fit into one body."""
        rows = [
            each.model_dump() | {"reported_at": each.reported_at.timestamp()} for each in reports
        ]
        try:
            await asyncio.wrap_future(app.state.scorer.submit(Work({}, reported=rows)))
        except Busy:
            return _fault(503, "too many requests wait already", {"Retry-After": "1"})
        except NotReady as fault:
            return _fault(503, str(fault), {"Retry-After": "5"})
        return JSONResponse({"received": len(rows)})


def _add_page(app: FastAPI) -> None:
    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    async def live() -> HTMLResponse:
        """Show what goes on."""
        picture = await asyncio.to_thread(page.picture, app.state.store)
        return HTMLResponse(page.whole(picture), headers=page.HEADERS)

    @app.get("/style.css", include_in_schema=False)
    async def style() -> Any:
        return HTMLResponse(page.STYLE, media_type="text/css")

    @app.get("/live.js", include_in_schema=False)
    async def script() -> Any:
        return HTMLResponse(page.SCRIPT, media_type="text/javascript")

    @app.get("/events", include_in_schema=False)
    async def events() -> StreamingResponse:
        """Send the picture whenever it has changed."""
        return StreamingResponse(
            page.changes(app.state.store, app.state.over), media_type="text/event-stream"
        )


class Bounds:
    """Refuses what is too much at once, before any of it is read, and what is too large or slow."""

    def __init__(self, app: Any, most: int) -> None:
        self._app, self._most = app, most
        self._n_inside = 0

    async def __call__(
        self, scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[..., Awaitable[Any]]
    ) -> None:
        """Let a request in, or answer it here."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        if self._n_inside >= self._most and not planted("never-refuses"):
            refusal = _fault(503, "too many requests are under way", {"Retry-After": "1"})
            await refusal(scope, receive, send)
            return
        self._n_inside += 1
        try:
            await self._let_in(scope, receive, send)
        finally:
            self._n_inside -= 1

    async def _let_in(self, scope: Any, receive: Any, send: Any) -> None:
        """Read the body and hand it on; who is slow takes a place for so long and no longer."""
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _read(receive)
        except TimeoutError:
            refusal = _fault(408, f"the body did not come within {BODY_SECONDS:g} s", CLOSE)
            await refusal(scope, receive, send)
        except TooLarge:
            refusal = _fault(413, f"a request has at most {LARGEST_BODY} bytes", CLOSE)
            await refusal(scope, receive, send)
        else:
            if body is not None:
                await self._app(scope, _once(body, receive), send)


async def _read(receive: Callable[[], Awaitable[Any]]) -> bytes | None:
    """Return the body; None where whoever sent it has gone. Raises TooLarge."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise TooLarge
        if not message.get("more_body", False):
            return body


def _once(body: bytes, receive: Callable[[], Awaitable[Any]]) -> Callable[[], Awaitable[Any]]:
    given = False

    async def again() -> Any:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def _refuse(_: Request, fault: Exception) -> JSONResponse:
    """Say which field is wrong; its value is not repeated, it may be a name."""
    assert isinstance(fault, RequestValidationError)
    if planted("takes-anything"):
        guess = Answer(payment_id=None, score=0.01, decision="accept", version="unknown")
        return JSONResponse(guess.model_dump())
    if planted("trips-over-garbage"):
        return _fault(500, "Internal Server Error")
    wrong: Sequence[Any] = fault.errors()[:20]
    fields = [{"field": ".".join(map(str, e["loc"])), "wrong": e["msg"]} for e in wrong]
    return JSONResponse({"error": "this is no payment", "fields": fields}, 422)


def _fault(code: int, says: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": says}, code, headers)


def _warm_up(store: Store, models: Models) -> None:
    release = current(store)
    if release is not None:
        models.load(release.champion)
