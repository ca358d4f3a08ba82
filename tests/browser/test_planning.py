"""A newcomer's way to a plan: profile, placement, plan, today, a first review, progress."""

import re

import pytest
from playwright.sync_api import Page, expect

from gradus.catalogue import load_catalogue

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
M01 = load_catalogue().lab("M01").folder


def begin(page: Page) -> None:
    """Answer the three questions of the first page; they lead to the first lab."""
    page.goto("/")
    page.get_by_text("I write software").click()
    page.get_by_label("How many hours a week?").fill("8")
    page.get_by_role("button", name="Start with").click()
    page.wait_for_url("**/labs/M01")


def pass_first_lab(page: Page) -> None:
    """Write what passes into the editor and save it."""
    page.goto("/labs/M01")
    page.locator(".cm-content:visible").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text((M01 / "reference" / "matmul.py").read_text())
    page.keyboard.press("ControlOrMeta+s")
    expect(page.locator(".verdict:not(.is-judging) .verdict-name")).to_have_text("Passed")


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


def answer_a_card(page: Page) -> None:
    """Answer the card that is shown and say how well it was known, with keys alone."""
    page.wait_for_load_state("networkidle")
    if page.locator(".ask-number").count():
        page.keyboard.type("17")
        page.keyboard.press("Enter")
    elif page.locator(".ask-choices").count():
        page.keyboard.press("a")
    else:
        page.keyboard.press("Space")
    page.locator(".ask-grades").wait_for()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("3" if page.locator(".grade").count() == 4 else "1")


def test_a_newcomer_comes_from_the_profile_to_a_first_review(page: Page) -> None:
    begin(page)
    page.get_by_role("link", name="Plan", exact=True).click()
    page.get_by_role("link", name="Hours, dates, aim").click()
    expect(page.get_by_label("I write software")).to_be_checked()
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
    expect(page.locator(".due")).to_have_count(0)

    pass_first_lab(page)
    page.goto("/today?minutes=30")
    page.get_by_role("link", name=re.compile(r"^Review \d+ cards$")).click()
    before = page.locator(".lead").inner_text()
    answer_a_card(page)
    expect(page.locator(".lead")).to_contain_text("1 answered")
    assert page.locator(".lead").inner_text() != before

    page.get_by_role("link", name="Progress").click()
    expect(page.locator(".numbers")).to_contain_text(re.compile(r"labs passed\s*1"))
    expect(page.locator("svg.burn title").first).to_have_text(
        "Hours of the track finished over time"
    )
    expect(page.locator("svg.burn desc")).to_contain_text("hours are finished")
    expect(page.locator("svg.weeks desc")).to_contain_text("planned")


def test_the_pages_of_the_plan_need_no_script_and_no_width(context, page: Page) -> None:
    fill_profile(page)
    page.set_viewport_size({"width": 390, "height": 844})
    for address in ("/plan", "/today", "/placement", "/progress", "/profile", "/tracks"):
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, f"{address} is {wide} wide"
