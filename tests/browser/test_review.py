"""Review with keys alone, without scripts, and on a phone; and time that a page reports."""

import os
import subprocess
import sys
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
QUESTION = ".ask-question"


@pytest.fixture(autouse=True)
def cards(gradus: Any) -> None:
    """Five cards, of a lab whose reference was looked at."""
    environment = {**os.environ, "GRADUS_WORKSPACE": str(gradus.workspace)}
    words = [sys.executable, "-m", "gradus", "reveal", "attention", "--yes"]
    subprocess.run(words, env=environment, check=True, capture_output=True)


def test_cards_are_answered_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/review")
    page.wait_for_load_state("networkidle")
    for left in (5, 4, 3, 2, 1):
        expect(page.locator(".lead")).to_contain_text(f"{left} card")
        if page.locator(".ask-number").count():
            page.keyboard.type("17")
            page.keyboard.press("Enter")
        elif page.locator(".ask-choices").count():
            right = page.get_by_role("button", name="no longer add up to 1")
            page.keyboard.press(str(right.get_attribute("data-key")))
        else:
            page.keyboard.press("Space")
        page.locator(".ask-grades").wait_for()
        page.wait_for_load_state("networkidle")
        page.keyboard.press("3" if page.locator(".grade").count() == 4 else "1")
        page.wait_for_url("**/review")
        page.wait_for_load_state("networkidle")
    expect(page.locator(".lead")).to_contain_text("5 answered")
    page.keyboard.press("u")
    expect(page.locator(".lead")).to_contain_text("1 card left today, 4 answered")


def test_a_card_is_answered_once_however_often_a_key_is_pressed(page: Page) -> None:
    page.goto("/review?card=attention/why-root-d&given=")
    page.wait_for_load_state("networkidle")
    posted: list[str] = []

    def slowly(route: Any) -> None:
        posted.append(route.request.url)
        if len(posted) == 1:
            page.wait_for_timeout(1000)
        route.continue_()

    page.route("**/review/answer", slowly)
    with page.expect_navigation(url="**/review"):
        for key in "3334":
            page.keyboard.press(key, delay=0)
    expect(page.locator(".lead")).to_contain_text("4 cards left today, 1 answered")
    assert len(posted) == 1


def test_without_scripts_a_card_is_shown_and_graded(browser: Browser, gradus: Any) -> None:
    context = browser.new_context(base_url=gradus.address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/review?card=attention/why-root-d")
    page.get_by_role("button", name="Show the answer").click()
    expect(page.locator(".ask-text")).to_contain_text("A score is a sum")
    page.get_by_role("button", name="Good").click()
    expect(page.locator(".lead")).to_contain_text("4 cards left today, 1 answered")
    page.get_by_role("button", name="Take the last answer back").click()
    expect(page.locator(".lead")).to_contain_text("5 cards left today.")
    context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 780})
    for card in ("why-root-d", "mask-before-softmax&given=a&seed=3", "attention-products"):
        page.goto(f"/review?card=attention/{card}")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_page_with_signs_of_life_in_front_reports_its_time(page: Page) -> None:
    page.clock.install()
    page.goto("/labs/M01")
    page.wait_for_load_state("load")  # scripts that are modules have run
    reported: list[dict[str, str]] = []
    page.on("request", lambda request: _note(request, reported))
    for place in range(4):
        page.mouse.move(100 + place, 200)
        page.clock.run_for(6000)
    page.wait_for_timeout(500)
    assert len(reported) == 1
    assert 10 <= float(reported[0]["seconds"]) <= 21
    page.clock.run_for(10 * 60 * 1000)
    page.mouse.move(300, 300)
    page.clock.run_for(20_000)
    page.wait_for_timeout(500)
    later = sum(float(each["seconds"]) for each in reported[1:])
    assert later <= 6, "ten minutes without a sign are a pause"


def _note(request: Any, reported: list[dict[str, str]]) -> None:
    if request.url.endswith("/time"):
        pairs = (pair.split("=") for pair in request.post_data.split("&"))
        reported.append(dict(pairs))
