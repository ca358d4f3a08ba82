"""One lab: its page, its stream of news, and what a learner does there.

Every act is one desk call; what it changed is read again by the page.
"""

import functools
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from gradus.core.errors import UsageError
from gradus.core.lab import Lab
from gradus.desk.desk import Desk
from gradus.desk.files import Saved, save_file
from gradus.desk.guesses import keep_guess
from gradus.desk.lab_page import lab_page, planned
from gradus.desk.learning import open_lab, reveal, take_hint
from gradus.desk.pages import address
from gradus.desk.view import LabPage
from gradus.desk.welcome import first_lab, keep_answers
from gradus.web.contexts import LabContext, Part, PlannedContext
from gradus.web.lesson import lesson_html
from gradus.web.live import Live
from gradus.web.reading import desk_of
from gradus.web.rendering import page, shell
from gradus.web.security import Form, read_form
from gradus.web.settings import Settings
from gradus.web.verdict import VerdictNow

LANGUAGES = {
    "py": "python", "sql": "sql", "toml": "toml", "md": "markdown", "json": "json",
    "yaml": "yaml", "yml": "yaml", "sh": "shell", "cfg": "toml", "ini": "toml",
}  # fmt: skip

Act = Callable[[Request, Form, Desk, Lab], Awaitable[Response]]


def show_lab(request: Request) -> Response:
    """A lab, or what is planned under that name."""
    desk = desk_of(request)
    name = request.path_params["name"]
    waiting = planned(desk, name)
    if waiting is not None:
        context = PlannedContext(
            shell(request, "labs"),
            waiting.lab,
            waiting.skills,
            waiting.needs,
            waiting.meanwhile,
        )
        return page(request, "planned.html", context)
    lab = desk.catalogue.lab(name)
    if name != address(lab):
        return RedirectResponse(f"/labs/{address(lab)}", status_code=307)
    return page(
        request, "lab.html", lab_context(request, lab_page(desk, name), live(request).now(lab))
    )


def lab_context(request: Request, its: LabPage, now: VerdictNow) -> LabContext:
    """Return the context of a lab's page."""
    desk = desk_of(request)
    return LabContext(
        shell=shell(request, "lab"),
        page=its,
        parts=tuple(
            Part(_anchor(part.title), part.title, lesson_html(part.markdown, its.figures))
            for part in its.parts
        ),
        going_on=lesson_html(its.going_on, its.figures),
        hints=tuple(lesson_html(hint, its.figures) for hint in its.hints),
        verdict=now.verdict,
        judging=now.judging,
        trouble=now.trouble,
        languages={file.path: language(file.path) for file in (*its.files, *its.reference)},
        where={layer.id: layer.title for layer in desk.catalogue.layers},
    )


async def stream_lab(request: Request) -> Response:
    """News of a lab as server-sent events."""
    lab = desk_of(request).catalogue.lab(request.path_params["name"])
    return StreamingResponse(
        live(request).stream(lab),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


def changes(act: Act) -> Callable[[Request], Awaitable[Response]]:
    """Let an act happen only with the token of this start, on a lab that exists."""

    @functools.wraps(act)
    async def endpoint(request: Request) -> Response:
        settings: Settings = request.app.state.settings
        form = await read_form(request, settings.token, settings.cookie)
        lab = settings.desk.catalogue.lab(request.path_params["name"])
        return await act(request, form, settings.desk, lab)

    return endpoint


@changes
async def start(request: Request, form: Form, desk: Desk, lab: Lab) -> Response:
    """Copy the starter."""
    async with live(request).laying(lab):
        await run_in_threadpool(open_lab, desk, lab.id)
    return done(request, lab, "work")


@changes
async def save(request: Request, form: Form, desk: Desk, lab: Lab) -> Response:
    """Write one file and check; a file that changed on disk meanwhile is left as it is."""
    saved: Saved = await run_in_threadpool(
        save_file,
        desk,
        lab.id,
        form.get("path", ""),
        form.get("text", ""),
        form.get("base", ""),
    )
    if saved.conflict:
        return _conflict(request, saved)
    if wants_json(request):
        live(request).saved(lab)
        return JSONResponse({"digest": saved.file.digest})
    await live(request).saved_now(lab)
    return done(request, lab, "verdict")


@changes
async def check(request: Request, form: Form, desk: Desk, lab: Lab) -> Response:
    """Check what lies in the folder, on a fresh seed."""
    if wants_json(request):
        live(request).ask(lab)
    else:
        await live(request).check_now(lab)
    return done(request, lab, "verdict")


@changes
async def take_time(request: Request, form: Form, desk: Desk, lab: Lab) -> Response:
    """Take the page's report of work with it in front."""
    try:
        seconds, ago = float(form.get("seconds", "")), float(form.get("ago", ""))
    except ValueError as fault:
        raise UsageError("A report of work holds two numbers of seconds.") from fault
    await run_in_threadpool(desk.time().worked, lab.id, seconds, ago)
    return done(request, lab, "work")


@changes
async def guess(request: Request, form: Form, desk: Desk, lab: Lab) -> Response:
    """Keep a guess."""
    await run_in_threadpool(keep_guess, desk, lab.id, form.get("guess", ""))
    return done(request, lab, "guess")


@changes
async def hint(request: Request, form: Form, desk: Desk, lab: Lab) -> Response:
    """Take the next hint."""
    await run_in_threadpool(take_hint, desk, lab.id)
    return done(request, lab, "help")


@changes
async def show_reference(request: Request, form: Form, desk: Desk, lab: Lab) -> Response:
    """Show the reference on request, which the record keeps."""
    if form.get("sure", "") != "yes":
        raise UsageError("Showing the reference has a cost; say that you are sure.")
    await run_in_threadpool(reveal, desk, lab.id)
    return done(request, lab, "going-on")


async def answer_welcome(request: Request) -> Response:
    """Keep the answers of the first page and lead to the first lab."""
    settings: Settings = request.app.state.settings
    form = await read_form(request, settings.token, settings.cookie)
    skipped = bool(form.get("skip", ""))
    names = ("background", "hours", "reason")
    answers = {name: "" if skipped else form.get(name, "") for name in names}
    await run_in_threadpool(keep_answers, settings.desk, answers)
    first = first_lab(settings.desk)
    if not first:
        return RedirectResponse("/?view=both", status_code=303)
    async with live(request).laying(settings.desk.catalogue.lab(first)):
        await run_in_threadpool(open_lab, settings.desk, first)
    return RedirectResponse(f"/labs/{first}", status_code=303)


def done(request: Request, lab: Lab, place: str) -> Response:
    """Answer an act: in JSON to the page's script, with the page again to a form."""
    if wants_json(request):
        return JSONResponse({"done": True})
    return RedirectResponse(f"/labs/{address(lab)}#{place}", status_code=303)


def wants_json(request: Request) -> bool:
    """Say whether the page's script asked, not a form."""
    return request.headers.get("accept", "").startswith("application/json")


def live(request: Request) -> Live:
    """Return what goes on while pages are open."""
    found: Live = request.app.state.live
    return found


def language(path: str) -> str:
    """Return the language of a file by its name."""
    name = path.rpartition("/")[2]
    if name.startswith("Dockerfile"):
        return "dockerfile"
    return LANGUAGES.get(name.rpartition(".")[2].lower(), "text")


def _conflict(request: Request, saved: Saved) -> Response:
    message = "The file changed on disk since this page read it. Nothing was overwritten."
    if not wants_json(request):
        raise UsageError(f"{message} Go back and copy what you wrote.")
    said: dict[str, Any] = {
        "message": message,
        "text": saved.file.text,
        "digest": saved.file.digest,
    }
    return JSONResponse(said, status_code=409)


def _anchor(title: str) -> str:
    return "-".join(title.lower().split())
