"""The application: routes, what runs beside them, and how errors speak.

It decides nothing and reads no file of a learner or a lab by itself.
"""

import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from gradus.core.errors import (
    ContentError,
    ContentErrors,
    GradusError,
    LedgerError,
    PrerequisiteError,
    UsageError,
)
from gradus.desk.lab_proofs import projects
from gradus.desk.watching import Watch
from gradus.web import lab_routes, placement_routes, planning_routes, reading, review_routes
from gradus.web.contexts import ErrorContext
from gradus.web.lab_routes import wants_json
from gradus.web.live import Live
from gradus.web.rendering import page, shell
from gradus.web.security import Guard, Refused
from gradus.web.settings import STATIC, Settings

logger = logging.getLogger("gradus.web")

ROUTES = [
    Route("/", reading.show_map),
    Route("/welcome", reading.show_welcome),
    Route("/welcome", lab_routes.answer_welcome, methods=["POST"]),
    Route("/skills/{name}", reading.show_skill),
    Route("/labs", reading.show_labs),
    Route("/labs/{name}", lab_routes.show_lab),
    Route("/labs/{name}/events", lab_routes.stream_lab),
    Route("/labs/{name}/start", lab_routes.start, methods=["POST"]),
    Route("/labs/{name}/save", lab_routes.save, methods=["POST"]),
    Route("/labs/{name}/check", lab_routes.check, methods=["POST"]),
    Route("/labs/{name}/time", lab_routes.take_time, methods=["POST"]),
    Route("/labs/{name}/guess", lab_routes.guess, methods=["POST"]),
    Route("/labs/{name}/hint", lab_routes.hint, methods=["POST"]),
    Route("/labs/{name}/reveal", lab_routes.show_reference, methods=["POST"]),
    Route("/review", review_routes.show_review),
    Route("/review/answer", review_routes.answer, methods=["POST"]),
    Route("/review/undo", review_routes.undo, methods=["POST"]),
    Route("/review/bring-back", review_routes.return_card, methods=["POST"]),
    Route("/review/labs/{name}", review_routes.show_again),
    Route("/review/labs/{name}/begin", review_routes.begin, methods=["POST"]),
    Route("/review/labs/{name}/hand-in", review_routes.hand_in, methods=["POST"]),
    Route("/progress", reading.show_progress),
    Route("/today", planning_routes.show_today),
    Route("/done", planning_routes.tick, methods=["POST"]),
    Route("/plan", planning_routes.show_plan),
    Route("/plan.ics", planning_routes.feed),
    Route("/placement", placement_routes.show_placement),
    Route("/placement", placement_routes.answer, methods=["POST"]),
    Route("/tracks", planning_routes.show_tracks),
    Route("/tracks/{name}", planning_routes.show_track),
    Route("/profile", planning_routes.show_profile),
    Route("/profile", planning_routes.answer_profile, methods=["POST"]),
    Mount("/static", StaticFiles(directory=STATIC), name="static"),
]


def create_app(settings: Settings) -> Starlette:
    """Return the application for one start; it closes the streams and the watch when it ends."""
    settings.desk.here()
    app = Starlette(
        routes=ROUTES,
        lifespan=_lifespan,
        middleware=[Middleware(Guard, hosts=settings.hosts)],
        exception_handlers={
            GradusError: _gradus_error,
            Refused: _refused,
            HTTPException: _http_error,
            Exception: _our_fault,
        },
    )
    app.state.settings = settings
    app.state.live = Live(settings.desk)
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    live: Live = app.state.live
    live.begin()
    watch = None
    if settings.watch:
        whole = projects(settings.desk.catalogue)
        watch = Watch(settings.desk.here(), live.changed_on_disk, projects=whole)
    if settings.ready is not None:
        settings.ready()
    try:
        yield
    finally:
        live.end()
        if watch is not None:
            watch.close()
        settings.desk.keep_time()  # a signal may end the process before the desk is closed


async def _gradus_error(request: Request, error: Exception) -> Response:
    status = 500
    title, command = "That could not be done", ""
    message = str(error)
    if isinstance(error, UsageError):
        is_unknown = request.method == "GET" and "name" in request.path_params
        status, title = (404, "There is nothing here") if is_unknown else (400, title)
    elif isinstance(error, LedgerError):
        status, title = 409, "Your record cannot be used"
    elif isinstance(error, ContentErrors):
        status, title = 400, "This track cannot be read"
    elif isinstance(error, ContentError):
        title = "This lab cannot be read"
    elif isinstance(error, PrerequisiteError):
        status, title, message, command = 503, "One command first", error.message, error.command
    return _told(request, status, title, message, command)


async def _refused(request: Request, error: Exception) -> Response:
    return _told(request, 403, "Not from this page", str(error))


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return _told(request, 404, "There is nothing here", "No page has this address.")
    return _told(request, error.status_code, "That could not be done", str(error.detail))


async def _our_fault(request: Request, error: Exception) -> Response:
    logger.error("a page failed", exc_info=error)
    message = (
        "Gradus failed, not you. Your files and your record are as they were; the terminal in "
        "which Gradus runs says more."
    )
    return _told(request, 500, "Our fault", message)


def _told(request: Request, status: int, title: str, message: str, command: str = "") -> Response:
    if wants_json(request):
        said: dict[str, Any] = {"message": message, "command": command}
        return JSONResponse(said, status_code=status)
    context = ErrorContext(shell(request, "error"), title, message, command)
    return page(request, "error.html", context, status=status)
