"""A newcomer's way to a plan: profile, placement, plan, today, a first review, progress."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gradus.core.submission import Submission
from gradus.core.verdict import ClaimOutcome, Judgement, Verdict
from gradus.desk.desk import sit_down
from gradus.desk.record import record_attempt
from gradus.desk.workspace import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def pass_lab(workspace: Path, name: str) -> None:
    """Put a pass into the record, as a judging would."""
    with sit_down(Workspace(workspace)) as desk:
        lab, work = desk.catalogue.lab(name), Submission({"work.py": b"x = 1\n"})
        claims = (ClaimOutcome("It is right.", True, 25),)
        said = Judgement(lab.id, lab.version, work.digest, Verdict.PASSED, 7, 0.02, claims)
        record_attempt(desk.ledger(), said, work)


def fill_profile(page: Page) -> None:
    page.goto("/profile")
    page.get_by_label("I write software").check(force=True)
    for day in ("Saturday", "Sunday"):
        page.get_by_label(day).fill("0")
    page.get_by_label("Days off").fill("2026-12-24..2027-01-01 Christmas")
    page.get_by_role("button", name="Save, and see the plan").click()
    expect(page).to_have_url(re.compile("/plan$"))


def answer_with_keys(page: Page) -> None:
    """Answer the question that is shown without the mouse."""
    choice = page.locator('input[name="answer"]').first
    expect(choice).to_be_focused()
    if choice.get_attribute("type") == "radio":
        page.keyboard.press("Space")
    else:
        page.keyboard.type("1")
    page.keyboard.press("Enter")


def test_a_newcomer_comes_from_the_profile_to_a_first_review(page: Page, gradus) -> None:
    fill_profile(page)
    page.goto("/placement")
    for number in range(1, 4):
        expect(page.locator("form.asked")).to_contain_text(f"Question {number}, of")
        answer_with_keys(page)
        expect(page.locator(".told")).to_be_visible()

    page.goto("/plan")
    calendar = page.get_by_role("table")
    expect(calendar.locator("td.today")).to_have_count(1)
    month = page.locator(".months h2").inner_text()
    page.locator('a[rel="next"]').click()
    expect(page.locator(".months h2")).not_to_have_text(month)
    expect(calendar.locator("td li").first).to_be_visible()

    page.goto("/today?minutes=30")
    expect(page.locator(".works .work").first).to_be_visible()
    minutes = [int(each.split()[0]) for each in page.locator(".work-min").all_inner_texts()]
    assert sum(minutes) <= 30

    pass_lab(gradus.workspace, "M01")
    page.goto("/today")
    page.get_by_role("link", name=re.compile("^Review")).first.click()
    expect(page).to_have_url(re.compile("/review"))
    page.goto("/progress")
    expect(page.locator("svg.burn title").first).to_have_text(
        "Hours of the track finished over time"
    )
    expect(page.locator("svg.burn desc")).to_contain_text("hours are finished")


def test_the_pages_of_the_plan_need_no_script_and_no_width(context, page: Page) -> None:
    fill_profile(page)
    page.set_viewport_size({"width": 390, "height": 844})
    for address in ("/plan", "/today", "/placement", "/progress", "/profile", "/tracks"):
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, f"{address} is {wide} wide"
