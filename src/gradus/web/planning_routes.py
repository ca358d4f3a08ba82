"""Tracks, profile, plan and today: each page one desk call, each act one more.

It decides nothing.
"""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gradus.core.errors import UsageError
from gradus.desk.calendars import plan_calendar
from gradus.desk.plan_page import minutes_of, plan_page, today_page
from gradus.desk.profile import answer
from gradus.desk.profile_form import as_answers, profile_form
from gradus.desk.study import mark_done
from gradus.desk.tracks_page import track_page, tracks_page
from gradus.web.contexts import (
    PlanContext,
    ProfileContext,
    TodayContext,
    TrackContext,
    TracksContext,
)
from gradus.web.reading import desk_of
from gradus.web.rendering import page, shell
from gradus.web.security import read_form
from gradus.web.settings import Settings

THEN = ("/plan", "/today", "/tracks")
"""Where the profile may lead on to."""


def show_today(request: Request) -> Response:
    """What to do now, in the minutes at hand."""
    asked = request.query_params.get("minutes", "").strip()
    minutes = minutes_of(asked) if asked else None
    context = TodayContext(shell(request, "today"), today_page(desk_of(request), minutes))
    return page(request, "today.html", context)


def show_plan(request: Request) -> Response:
    """The plan for a month, or as it was on a past day."""
    query = request.query_params
    its = plan_page(desk_of(request), query.get("month", ""), query.get("as_of", ""))
    return page(request, "plan.html", PlanContext(shell(request, "plan"), its))


def feed(request: Request) -> Response:
    """The plan as an iCalendar file, which a calendar on this machine can also follow."""
    settings: Settings = request.app.state.settings
    address = f"http://127.0.0.1:{settings.port}"
    content = plan_calendar(settings.desk, address=address)
    return Response(content, media_type="text/calendar; charset=utf-8")


async def tick(request: Request) -> Response:
    """Keep that something without a lab is done, or not after all."""
    settings: Settings = request.app.state.settings
    form = await read_form(request, settings.token, settings.cookie)
    is_done = form.get("undo", "") != "yes"
    await run_in_threadpool(mark_done, settings.desk, form.get("ref", ""), is_done)
    then = form.get("then", "")
    return RedirectResponse(then if then in THEN else "/today", status_code=303)


def show_tracks(request: Request) -> Response:
    """Every track."""
    context = TracksContext(shell(request, "plan"), tracks_page(desk_of(request)))
    return page(request, "tracks.html", context)


def show_track(request: Request) -> Response:
    """One track."""
    its = track_page(desk_of(request), request.path_params["name"])
    return page(request, "track.html", TrackContext(shell(request, "plan"), its))


def show_profile(request: Request) -> Response:
    """The questions of the profile."""
    context = ProfileContext(shell(request, "plan"), profile_form(desk_of(request)))
    return page(request, "profile.html", context)


async def answer_profile(request: Request) -> Response:
    """Keep the answers; what cannot be is said beside them, and then nothing was kept."""
    settings: Settings = request.app.state.settings
    filled = await read_form(request, settings.token, settings.cookie)
    try:
        await run_in_threadpool(answer, settings.desk, as_answers(filled))
    except UsageError as error:
        form = profile_form(settings.desk, filled, tuple(str(error).splitlines()))
        context = ProfileContext(shell(request, "plan"), form)
        return page(request, "profile.html", context, status=400)
    then = filled.get("then", "")
    return RedirectResponse(then if then in THEN else "/plan", status_code=303)
