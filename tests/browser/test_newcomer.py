"""The newcomer's whole way, and the other ways of going it: keys alone, another editor, a phone."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from gradus.catalogue import load_catalogue

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
M01 = load_catalogue().lab("M01").folder


def put(page: Page, text: str) -> None:
    """Replace what stands in the editor, as with select all, delete and paste."""
    page.locator(".cm-content:visible").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def verdict(page: Page, number: int) -> Any:
    """Wait for the verdict of one attempt and return its place."""
    place = page.locator(f'.verdict[data-number="{number}"]:not(.is-judging)')
    place.wait_for()
    return place


def begin(page: Page) -> None:
    """Skip the questions; this leads to the first lab."""
    page.goto("/")
    page.get_by_role("button", name="Skip all three").click()
    page.wait_for_url("**/labs/M01")
    page.locator(".cm-content").wait_for()


def walk(page: Page, address: str) -> None:
    """Open the map and wait until keys walk it."""
    page.goto(address)
    page.locator('.card[tabindex="-1"]').first.wait_for(state="attached")


def test_a_newcomer_passes_the_first_lab(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("prove, not read")
    page.get_by_text("I write software").click()
    page.get_by_label("How many hours a week?").fill("8")
    page.get_by_text("Become an ML engineer").click()
    page.get_by_role("button", name="Start with").click()
    page.wait_for_url("**/labs/M01")

    page.get_by_role("link", name="Map", exact=True).click()
    page.locator('.card[data-skill="la-matmul-from-scratch"]').click()
    panel = page.locator("[data-panel]")
    expect(panel.get_by_role("heading", level=2)).to_have_text("Matmul from scratch")
    panel.get_by_role("link", name="M01").click()
    page.wait_for_url("**/labs/M01")

    page.get_by_label("Your guess, before you read on").fill("The same size, I think.")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("#guess blockquote")).to_have_text("The same size, I think.")

    put(page, (M01 / "wrong" / "row_alias.py").read_text())
    page.get_by_role("button", name="Save and check").click()
    failed = verdict(page, 1)
    expect(failed.locator(".verdict-name")).to_have_text("Failed")
    expect(failed.locator(".finding").first).to_contain_text("returned")
    expect(failed.locator(".mistake")).to_contain_text("row")
    expect(page.locator("[data-announce]")).to_contain_text("Failed.")
    assert page.locator("#going-on").count() == 0

    put(page, (M01 / "reference" / "matmul.py").read_text())
    page.keyboard.press("ControlOrMeta+s")
    passed = verdict(page, 2)
    expect(passed.locator(".verdict-name")).to_have_text("Passed")
    expect(page.locator("#lab-standing")).to_contain_text("Passed")
    expect(page).to_have_title("✓ Matrix product by nested loops · Gradus")
    passed.get_by_role("link", name="Go on").click()
    expect(page.locator("#going-on")).to_contain_text("What really happens")
    expect(page.locator("#going-on blockquote")).to_have_text("The same size, I think.")

    page.get_by_role("link", name="Map", exact=True).click()
    card = page.locator('.card[data-skill="la-matmul-from-scratch"]')
    expect(card).to_have_attribute("aria-label", "Matmul from scratch, shown")
    page.get_by_role("link", name="Progress").click()
    expect(page.locator(".numbers")).to_contain_text("labs passed")
    expect(page.locator(".timeline li")).to_have_count(2)
    expect(page.locator(".shown")).to_contain_text("Matmul from scratch")


def test_the_map_is_walked_with_keys_alone(page: Page) -> None:
    begin(page)
    walk(page, "/")
    assert page.locator('.card[tabindex="0"]').count() == 1
    first = page.locator('.card[tabindex="0"]').get_attribute("data-skill")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.skill"):
            break
    assert page.evaluate("document.activeElement.dataset.skill") == first

    walked = {first}
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
        walked.add(page.evaluate("document.activeElement.dataset.skill"))
    assert len(walked) >= 4
    page.keyboard.press("End")
    last = page.evaluate("document.activeElement.dataset.skill")
    page.keyboard.press("Enter")
    expect(page.locator(f'[data-skill-panel="{last}"]')).to_be_visible()
    assert page.evaluate("document.activeElement.matches('[data-panel-title]')")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.skill") == last

    page.keyboard.press("/")
    page.keyboard.type("softmax")
    expect(page.locator("[data-found]")).to_contain_text("skills")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('.card.match')")


def test_every_card_can_be_reached_with_arrow_keys(page: Page) -> None:
    begin(page)
    walk(page, "/?view=graph")
    reached = page.evaluate(
        """() => {
          const cards = [...document.querySelectorAll('.card')];
          const seen = new Set([cards[0]]), waiting = [cards[0]];
          cards[0].focus();
          while (waiting.length) {
            const card = waiting.pop();
            for (const key of ['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp']) {
              card.setAttribute('tabindex', '0'); card.focus();
              card.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
              const now = document.activeElement;
              if (!seen.has(now)) { seen.add(now); waiting.push(now); }
            }
          }
          return [seen.size, cards.length];
        }"""
    )
    assert reached[0] == reached[1]


def test_another_editors_save_shows_up_with_its_verdict_and_no_reload(
    page: Page, gradus: Any
) -> None:
    begin(page)
    page.evaluate("window.stayed = true")
    own = Path(gradus.workspace) / "labs" / "matmul" / "matmul.py"
    page.wait_for_timeout(300)
    own.write_text((M01 / "reference" / "matmul.py").read_text())
    expect(verdict(page, 1).locator(".verdict-name")).to_have_text("Passed")
    expect(page.locator(".cm-content")).to_contain_text("def shape(matrix)")
    assert page.locator(".conflict:visible").count() == 0
    assert page.evaluate("window.stayed")


def test_neither_side_of_a_conflict_is_overwritten(page: Page, gradus: Any) -> None:
    begin(page)
    own = Path(gradus.workspace) / "labs" / "matmul" / "matmul.py"
    put(page, "mine = 1\n")
    own.write_text("theirs = 1\n")
    expect(page.locator(".conflict")).to_be_visible()
    expect(page.locator(".cm-content")).to_contain_text("mine = 1")
    page.keyboard.press("ControlOrMeta+s")
    page.wait_for_timeout(500)
    assert own.read_text() == "theirs = 1\n"

    page.get_by_role("button", name="Show what is on disk").click()
    expect(page.locator("[data-disk]")).to_have_text("theirs = 1\n")
    page.get_by_role("button", name="Keep what I wrote here").click()
    expect(page.locator("[data-save-says]")).to_contain_text("Saved")
    assert own.read_text() == "mine = 1\n"

    put(page, "mine = 2\n")
    own.write_text("theirs = 2\n")
    page.get_by_role("button", name="Take what is on disk").click()
    expect(page.locator(".cm-content")).to_contain_text("theirs = 2")
    assert own.read_text() == "theirs = 2\n"


def test_a_file_that_was_removed_lives_on_in_the_page(page: Page, gradus: Any) -> None:
    begin(page)
    own = Path(gradus.workspace) / "labs" / "matmul" / "matmul.py"
    page.wait_for_timeout(300)
    own.unlink()
    expect(page.locator("[data-save-says]")).to_contain_text("gone from disk")
    page.get_by_role("button", name="Save and check").click()
    expect(page.locator("[data-save-says]")).to_contain_text("Saved")
    assert "def matmul" in own.read_text()


def test_what_was_written_survives_a_server_that_went_away(
    page: Page, gradus: Any, seen: Any
) -> None:
    begin(page)
    gradus.process.terminate()
    gradus.process.wait(timeout=15)
    put(page, "still = 'here'\n")
    page.keyboard.press("ControlOrMeta+s")
    expect(page.locator("[data-save-says]")).to_contain_text("Gradus does not answer")
    expect(page.locator(".cm-content")).to_contain_text("still = 'here'")
    seen.complaints.clear()  # the browser says that the server is gone, and so it is


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_lesson_is_typeset_and_nothing_is_refused(page: Page, scheme: Any) -> None:
    begin(page)
    page.emulate_media(color_scheme=scheme)
    labs = load_catalogue().labs.values() if scheme == "light" else [load_catalogue().lab("M01")]
    for lab in labs:
        page.goto(f"/labs/{lab.curriculum_id}")
        page.wait_for_load_state("networkidle") if not page.locator(
            "[data-editor]"
        ).count() else None
        if page.locator(".math").count():
            page.locator(".katex").first.wait_for()
        assert page.locator(".math[data-unset]").count() == 0, lab.id
        assert page.locator(".katex-error").count() == 0, lab.id


@pytest.mark.parametrize("width", [320, 390, 768])
def test_no_page_is_wider_than_a_narrow_screen(page: Page, width: int) -> None:
    begin(page)
    page.set_viewport_size({"width": width, "height": 800})
    for address in ("/", "/labs", "/labs/M01", "/labs/F02", "/progress", "/skills/py-numpy"):
        page.goto(address)
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    page.goto("/")
    assert page.locator("[data-list]").is_visible() == (width <= 720)


def test_light_and_dark_are_switched_and_remembered(page: Page) -> None:
    begin(page)
    page.goto("/labs")
    page.emulate_media(color_scheme="light")
    page.get_by_role("button", name="Change to dark").click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.goto("/progress")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_the_page_works_without_scripts(browser: Any, gradus: Any) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=gradus.address)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("button", name="Skip all three").click()
    page.locator("textarea[name=text]").fill((M01 / "reference" / "matmul.py").read_text())
    page.get_by_role("button", name="Save and check").click()
    expect(page.locator(".verdict-name")).to_have_text("Passed", timeout=30_000)
    context.close()
