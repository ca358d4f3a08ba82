"""Draws the pictures of the README from the running pages: `python scripts/pictures.py`.

It needs what `make test` installs and a Chromium on the path; it writes docs/images/*.png.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from gradus.catalogue import load_catalogue

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SIZE = {"width": 1280, "height": 820}
LARGEST = 250_000
AT_HOME = "document.querySelector('.where code').textContent = '~/gradus/labs/matmul'"
"""Shows the folder as most people have it, and not the temporary one of the picture."""


@contextlib.contextmanager
def gradus(workspace: Path) -> Iterator[str]:
    """Start the pages on a workspace of their own and give their address."""
    words = ["start", "--no-browser", "--json", "--workspace", str(workspace)]
    command = [sys.executable, "-m", "gradus", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())["url"]
    finally:
        process.terminate()
        process.wait(20)


def write(page: Page, text: str) -> None:
    """Replace what stands in the editor and save it."""
    page.locator(".cm-content:visible").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)
    page.keyboard.press("ControlOrMeta+s")


def draw(page: Page, address: str) -> None:
    """Go a newcomer's way and take the pictures."""
    lab = load_catalogue().lab("M01").folder
    page.goto(address)
    page.get_by_role("button", name="Skip all three").click()
    page.locator(".cm-content").wait_for()
    write(page, (lab / "wrong" / "row_alias.py").read_text())
    page.locator(".verdict-name", has_text="Failed").wait_for()
    page.evaluate(AT_HOME)
    page.wait_for_timeout(800)
    page.screenshot(path=IMAGES / "lab.png")
    write(page, (lab / "reference" / "matmul.py").read_text())
    page.locator(".verdict-name", has_text="Passed").wait_for()
    page.goto(address)
    page.wait_for_timeout(1200)
    page.screenshot(path=IMAGES / "map.png")


def main() -> int:
    """Draw every picture; say which is too large."""
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        print("No Chromium was found on the path.", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with (
        tempfile.TemporaryDirectory() as place,
        gradus(Path(place) / "gradus") as address,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=browser_path, args=root)
        page = browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")
        draw(page, address)
        browser.close()
    large = [each.name for each in IMAGES.glob("*.png") if each.stat().st_size > LARGEST]
    print(f"Too large: {', '.join(large)}" if large else f"Drawn in {IMAGES.relative_to(ROOT)}")
    return 1 if large else 0


if __name__ == "__main__":
    sys.exit(main())
