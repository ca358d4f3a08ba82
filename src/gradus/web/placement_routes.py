"""The placement in the browser: one question at a time, what was right, what is found so far.

It decides nothing.
"""

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gradus.desk.pages import address
from gradus.desk.placement import Answered, answer_placement, begin_placement, placement
from gradus.web.contexts import PlacementContext
from gradus.web.lesson import lesson_html
from gradus.web.reading import desk_of
from gradus.web.rendering import page, shell
from gradus.web.security import read_form
from gradus.web.settings import Settings


def show_placement(request: Request) -> Response:
    """Where the placement stands, and what is asked next."""
    return _placement(request, None)


async def answer(request: Request) -> Response:
    """Keep an answer and say whether it was right, beside the next question."""
    settings: Settings = request.app.state.settings
    form = await read_form(request, settings.token, settings.cookie)
    if form.get("again", "") == "yes":
        await run_in_threadpool(begin_placement, settings.desk)
        return RedirectResponse("/placement", status_code=303)
    said = "" if form.get("skip", "") else form.get("answer", "")
    told = await run_in_threadpool(
        answer_placement, settings.desk, form.get("lab", ""), form.get("card", ""), said
    )
    return await run_in_threadpool(_placement, request, told)


def _placement(request: Request, told: Answered | None) -> Response:
    desk = desk_of(request)
    its = placement(desk)
    context = PlacementContext(
        shell=shell(request, "plan"),
        placement=its,
        told=told,
        text=lesson_html(its.question.text) if its.question else Markup(),
        heard=tuple(g for g in its.groups if g.state.asked or g.state.outcome != "open"),
        labs=tuple(address(desk.catalogue.labs[name]) for name in its.labs),
    )
    return page(request, "placement.html", context)
