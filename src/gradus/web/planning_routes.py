"""Tracks, profile, plan and today: each page one desk call, each act one more.

It decides nothing.
"""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gradus.core.errors import UsageError
from gradus.desk.profile import answer
from gradus.desk.profile_form import as_answers, profile_form
from gradus.desk.tracks_page import track_page, tracks_page
from gradus.web.contexts import ProfileContext, TrackContext, TracksContext
from gradus.web.reading import desk_of
from gradus.web.rendering import page, shell
from gradus.web.security import read_form
from gradus.web.settings import Settings

THEN = ("/plan", "/today", "/tracks")
"""Where the profile may lead on to."""


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
