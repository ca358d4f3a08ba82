"""Pages that only read: the map, a skill, the labs, progress.

Each builds one typed context from one desk call; nothing here changes anything.
"""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from gradus.core.errors import UsageError
from gradus.core.names import did_you_mean
from gradus.desk.desk import Desk
from gradus.desk.pace import pace
from gradus.desk.pages import roadmap
from gradus.desk.progress_page import progress
from gradus.desk.view import LayerView, Roadmap, SkillView
from gradus.desk.welcome import BACKGROUNDS, REASONS, first_lab, is_new
from gradus.web.charts import days_chart, stairs
from gradus.web.contexts import (
    LabsContext,
    MapContext,
    ProgressContext,
    SkillContext,
    WelcomeContext,
)
from gradus.web.map_picture import EMPTY, map_picture
from gradus.web.pace_charts import burn_up, weeks_chart
from gradus.web.rendering import page, render, shell

SHOWN_ATTEMPTS = 60


def desk_of(request: Request) -> Desk:
    """Return the desk that this application works at."""
    found: Desk = request.app.state.settings.desk
    return found


def show_map(request: Request) -> Response:
    """The map; the first time, the first page instead."""
    desk = desk_of(request)
    if is_new(desk) and not request.query_params:
        return RedirectResponse("/welcome", status_code=303)
    whole = roadmap(desk)
    view = request.query_params.get("view", "both")
    query = request.query_params.get("q", "").strip()[:80]
    standing = request.query_params.get("standing", "")[:20]
    if view == "both" and (query or standing):
        view = "list"  # a page without scripts can only show what was found as a list
    layers = tuple(_filtered(layer, query, standing) for layer in whole.layers)
    context = MapContext(
        shell=shell(request, "map"),
        roadmap=whole,
        stairs=stairs(whole.layers),
        picture=EMPTY if view == "list" else map_picture(whole.layers),
        view=view if view in ("list", "graph") else "both",
        layers=tuple(layer for layer in layers if layer.skills),
        query=query,
        standing=standing,
        found=sum(len(layer.skills) for layer in layers),
        selected=whole.skill(request.query_params.get("skill", "")),
        near=_by_id(whole),
        layer_titles=_titles(whole),
    )
    return page(request, "map.html", context)


def show_skill(request: Request) -> Response:
    """One skill, as a page of its own or as the part that the map shows beside it."""
    whole = roadmap(desk_of(request))
    name = request.path_params["name"]
    skill = whole.skill(name)
    if skill is None:
        near = did_you_mean(name, _by_id(whole))
        raise UsageError(f"There is no skill named '{name}'.{near}")
    context = SkillContext(shell(request, "map"), skill, _by_id(whole), _titles(whole))
    if request.query_params.get("part") == "panel":
        return HTMLResponse(render("_skill.html", context))
    return page(request, "skill.html", context)


def show_labs(request: Request) -> Response:
    """Every lab, there or planned."""
    whole = roadmap(desk_of(request))
    there = [lab for lab in whole.labs if lab.exists]
    context = LabsContext(
        shell=shell(request, "labs"),
        groups=tuple(
            (layer, tuple(lab for lab in whole.labs if lab.layer == layer.id))
            for layer in whole.layers
        ),
        there=len(there),
        planned=len(whole.labs),
        passed=sum(lab.standing == "shown" for lab in there),
        hours=sum(lab.minutes for lab in whole.labs) / 60,
        next_lab=whole.next_lab,
    )
    return page(request, "labs.html", context)


def show_progress(request: Request) -> Response:
    """What the learner has done."""
    desk = desk_of(request)
    done = progress(desk)
    going, no_plan = None, ""
    try:
        going = pace(desk)
    except UsageError as error:  # the rest of the page holds without a plan
        no_plan = str(error)
    context = ProgressContext(
        shell=shell(request, "progress"),
        progress=done,
        stairs=stairs(done.layers),
        chart=days_chart(done.days),
        pace=going,
        no_plan=no_plan,
        weeks=weeks_chart(going) if going else None,
        burn=burn_up(going) if going else None,
        attempts=done.attempts[:SHOWN_ATTEMPTS],
        more=max(0, len(done.attempts) - SHOWN_ATTEMPTS),
    )
    return page(request, "progress.html", context)


def show_welcome(request: Request) -> Response:
    """The first page."""
    desk = desk_of(request)
    whole = roadmap(desk)
    first = first_lab(desk)
    context = WelcomeContext(
        shell=shell(request, "welcome"),
        first_lab=next((lab for lab in whole.labs if lab.address == first), None),
        counts={"skills": whole.counts.total, "labs": sum(lab.exists for lab in whole.labs)},
        backgrounds=tuple(BACKGROUNDS.items()),
        reasons=tuple(REASONS.items()),
    )
    return page(request, "welcome.html", context)


def _filtered(layer: LayerView, query: str, standing: str) -> LayerView:
    words = query.casefold().split()
    found = tuple(
        skill
        for skill in layer.skills
        if _stands(skill, standing) and all(word in _words(skill) for word in words)
    )
    return replace(layer, skills=found)


def _stands(skill: SkillView, standing: str) -> bool:
    if standing == "stale":
        return skill.stale
    if standing == "ours":
        return skill.ours
    return not standing or (skill.standing == standing and not skill.stale)


def _words(skill: SkillView) -> str:
    labs = [f"{lab.address} {lab.title}" for lab in skill.labs]
    tools = [tool.name for tool in skill.tools]
    return " ".join([skill.id, skill.label, skill.can_do, *labs, *tools]).casefold()


def _by_id(whole: Roadmap) -> dict[str, SkillView]:
    return {skill.id: skill for layer in whole.layers for skill in layer.skills}


def _titles(whole: Roadmap) -> dict[str, str]:
    return {layer.id: layer.title for layer in whole.layers}
