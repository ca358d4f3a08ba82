"""Typed contexts become pages; a template sees the fields of its context and nothing else."""

import dataclasses
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

import gradus
from gradus.web.contexts import Shell
from gradus.web.settings import BUILT, HERE, Settings
from gradus.web.words import FILTERS

THEMES = ("light", "dark")
THEME_COOKIE = "gradus-theme"


def make_environment() -> Environment:
    """Return the templates' environment: everything is escaped, nothing may be missing."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    return environment


ENVIRONMENT = make_environment()


def render(template: str, context: Any) -> str:
    """Return the text of a template for one of the contexts."""
    fields = {each.name: getattr(context, each.name) for each in dataclasses.fields(context)}
    return ENVIRONMENT.get_template(template).render(fields)


def page(request: Request, template: str, context: Any, *, status: int = 200) -> HTMLResponse:
    """Return a page, with the cookie that its own requests will need."""
    settings: Settings = request.app.state.settings
    answer = HTMLResponse(render(template, context), status_code=status)
    answer.set_cookie(settings.cookie, settings.token, httponly=True, samesite="strict")
    return answer


def shell(request: Request, here: str) -> Shell:
    """Return what every page has around it."""
    settings: Settings = request.app.state.settings
    theme = request.cookies.get(THEME_COOKIE, "")
    workspace = settings.desk.workspace
    return Shell(
        here=here,
        token=settings.token,
        nonce=request.state.nonce,
        theme=theme if theme in THEMES else "",
        version=gradus.__version__,
        workspace=str(workspace.root) if workspace else "",
        built=(BUILT / "app.css").is_file(),
    )
