"""Review: cards, taking an answer back, and a passed lab done again.

Every act is one desk call and then the page again, so that all of it works by forms alone.
"""

import time

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gradus.core.errors import UsageError
from gradus.core.verdict import Verdict
from gradus.desk.again import begin_again
from gradus.desk.lab_page import unkept_verdict
from gradus.desk.review_page import again_page, review_page, save_and_hand_in
from gradus.desk.reviewing import LARGEST_SEED, answer_card, bring_back, undo_answer
from gradus.desk.view import VerdictView
from gradus.web.contexts import AgainContext, ReviewContext
from gradus.web.reading import desk_of
from gradus.web.rendering import page, shell
from gradus.web.security import Form, read_form
from gradus.web.settings import Settings


def show_review(request: Request) -> Response:
    """The card that is asked now; with `given`, its answer."""
    asked = request.query_params
    seed = whole(asked.get("seed", "0"), LARGEST_SEED) if "seed" in asked else None
    its = review_page(
        desk_of(request), item=asked.get("card", ""), seed=seed, given=asked.get("given")
    )
    began = asked.get("began", "") or str(int(time.time()))
    return page(request, "review.html", ReviewContext(shell(request, "review"), its, began))


async def answer(request: Request) -> Response:
    """Record how a card was remembered."""
    form = await _form(request)
    began = whole(form.get("began", "0"), 2**40)
    await run_in_threadpool(
        answer_card,
        desk_of(request),
        form.get("card", ""),
        form.get("grade", ""),
        seed=whole(form.get("seed", "0"), LARGEST_SEED),
        given=form.get("given", ""),
        seconds=time.time() - began,
    )
    return RedirectResponse("/review", status_code=303)


async def undo(request: Request) -> Response:
    """Take the last answer back and ask its card again."""
    await _form(request)
    await run_in_threadpool(undo_answer, desk_of(request))
    return RedirectResponse("/review", status_code=303)


async def return_card(request: Request) -> Response:
    """Ask a card again that was set aside."""
    form = await _form(request)
    await run_in_threadpool(bring_back, desk_of(request), form.get("card", ""))
    return RedirectResponse("/review", status_code=303)


async def begin(request: Request) -> Response:
    """Ask for one claim of a passed lab and lay its starter."""
    await _form(request)
    name = request.path_params["name"]
    await run_in_threadpool(begin_again, desk_of(request), name)
    return RedirectResponse(f"/review/labs/{name}", status_code=303)


def show_again(request: Request) -> Response:
    """The claim of a lab that is written anew."""
    return _again(request, None)


async def hand_in(request: Request) -> Response:
    """Write the file and judge the claim; what the record does not hold is shown at once."""
    form = await _form(request)
    name = request.path_params["name"]
    words = (form.get("path", ""), form.get("text", ""), form.get("base", ""))
    judgement = await run_in_threadpool(save_and_hand_in, desk_of(request), name, *words)
    if judgement.verdict is Verdict.UNJUDGED:
        return await run_in_threadpool(_again, request, unkept_verdict(judgement))
    return RedirectResponse(f"/review/labs/{name}#verdict", status_code=303)


def _again(request: Request, unkept: VerdictView | None) -> Response:
    its = again_page(desk_of(request), request.path_params["name"])
    if its is None:
        return RedirectResponse("/review", status_code=303)
    verdict = unkept or its.verdict
    return page(request, "again.html", AgainContext(shell(request, "review"), its, verdict))


def whole(written: str, most: int) -> int:
    """Return a whole number below a bound; raises UsageError for what no page sends."""
    if not (written.isascii() and written.isdigit() and len(written) < 20 and int(written) < most):
        raise UsageError(f"'{written[:40]}' is no number that this page sends. Load it again.")
    return int(written)


async def _form(request: Request) -> Form:
    settings: Settings = request.app.state.settings
    return await read_form(request, settings.token, settings.cookie)
