"""Each template uses exactly the fields of its context, and every field says what it is."""

import ast
import dataclasses
import inspect
import re
from typing import Any

import pytest
from jinja2 import meta

from gradus.desk import pace_view, plan_view, review_view, track_view, view
from gradus.web import contexts, proof_page
from gradus.web.rendering import ENVIRONMENT
from gradus.web.settings import HERE
from gradus.web.verdict import VerdictNow

PAGES: dict[str, Any] = {
    "map.html": contexts.MapContext,
    "skill.html": contexts.SkillContext,
    "labs.html": contexts.LabsContext,
    "lab.html": contexts.LabContext,
    "planned.html": contexts.PlannedContext,
    "progress.html": contexts.ProgressContext,
    "welcome.html": contexts.WelcomeContext,
    "today.html": contexts.TodayContext,
    "plan.html": contexts.PlanContext,
    "placement.html": contexts.PlacementContext,
    "tracks.html": contexts.TracksContext,
    "track.html": contexts.TrackContext,
    "profile.html": contexts.ProfileContext,
    "review.html": contexts.ReviewContext,
    "again.html": contexts.AgainContext,
    "error.html": contexts.ErrorContext,
    "proof.html": proof_page.ProofPage,
    "_verdict.html": VerdictNow,
}


def names_in(template: str) -> set[str]:
    """Return the names that a template and all that it includes expect from outside."""
    source = (HERE / "templates" / template).read_text(encoding="utf-8")
    tree = ENVIRONMENT.parse(source)
    brought = re.findall(r"import ([\w, ]+)|% set (\w+)", source)
    own = {name for pair in brought for name in re.split(r",\s*", " ".join(pair).strip())}
    names = meta.find_undeclared_variables(tree) - {name.strip() for name in own}
    for other in meta.find_referenced_templates(tree):
        if other and other != "_marks.html":
            names |= names_in(other)
    return names


@pytest.mark.parametrize("template", PAGES)
def test_a_template_uses_the_fields_of_its_context_and_no_other_name(template: str) -> None:
    fields = {field.name for field in dataclasses.fields(PAGES[template])}
    assert names_in(template) == fields


def test_every_page_template_has_a_context() -> None:
    pages = {path.name for path in (HERE / "templates").glob("[!_]*.html")} - {"base.html"}
    assert pages == {name for name in PAGES if not name.startswith("_")}


@pytest.mark.parametrize(
    "module",
    [contexts, proof_page, view, track_view, review_view, plan_view, pace_view],
    ids=lambda module: module.__name__,
)
def test_every_field_that_a_page_reads_says_what_it_is(module: Any) -> None:
    for node in ast.parse(inspect.getsource(module)).body:
        if not isinstance(node, ast.ClassDef):
            continue
        for field, words in zip(node.body[1:], [*node.body[2:], None], strict=False):
            if isinstance(field, ast.AnnAssign):
                name = getattr(field.target, "id", "")
                said = isinstance(words, ast.Expr) and isinstance(words.value, ast.Constant)
                assert said or name in SAY_THEMSELVES, f"{node.name}.{name}"


SAY_THEMSELVES = {
    "shell", "total", "shown", "in_progress", "in_reach", "locked", "no_lab_yet", "stale",
}  # fmt: skip


def test_no_template_marks_anything_as_safe() -> None:
    for path in (HERE / "templates").glob("*.html"):
        assert not re.search(r"\|\s*safe|autoescape false", path.read_text(encoding="utf-8")), path
