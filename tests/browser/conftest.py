"""A real browser on the real command, with no request that leaves this machine.

A browser is found through `GRADUS_BROWSER`, else where Debian and others install it, else
Playwright's own. Without one these tests fail and say the one command that installs it.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Route, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
NONE = (
    "There is no browser for these tests. Install one and run them again:\n"
    f"{sys.executable} -m playwright install --with-deps chromium"
)


@dataclass
class Gradus:
    """`gradus start`, running, with a workspace of its own."""

    address: str
    workspace: Path
    process: subprocess.Popen[str]


@dataclass
class Seen:
    """What went wrong in a browser while nobody looked."""

    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """The driver; it holds an event loop, so it must end before tests that run one of their own."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser, found on this machine."""
    named = os.environ.get("GRADUS_BROWSER")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and Path(playwright.chromium.executable_path).is_file():
        found = playwright.chromium.executable_path
    if found is None:
        pytest.fail(NONE, pytrace=False)
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    browser = playwright.chromium.launch(executable_path=found, args=[*root, *FLAGS])
    yield browser
    browser.close()


@pytest.fixture
def gradus(tmp_path: Path) -> Iterator[Gradus]:
    """The command as a person starts it, on a port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    workspace = tmp_path / "gradus"
    words = ["start", "--no-browser", "--port", str(port), "--workspace", str(workspace)]
    process = subprocess.Popen(
        [sys.executable, "-m", "gradus", *words],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = ""
    while "Gradus is open at" not in said:
        line = process.stdout.readline()
        assert line, f"gradus start ended: {said}"
        said += line
    address = re.search(r"http://\S+", said)
    assert address is not None
    yield Gradus(address[0].rstrip("/"), workspace, process)
    process.terminate()
    assert process.wait(timeout=15) in (0, -15)
    process.stdout.close()


@pytest.fixture
def seen() -> Seen:
    """What went wrong in the browser."""
    return Seen()


@pytest.fixture
def context(browser: Browser, gradus: Gradus, seen: Seen) -> Iterator[BrowserContext]:
    """A fresh profile; a request that leaves this machine is stopped and told."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=gradus.address)

    def only_here(route: Route) -> None:
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            seen.foreign.append(route.request.url)
            route.abort()

    context.route("**/*", only_here)
    yield context
    context.close()
    assert seen.foreign == []
    assert seen.complaints == []


@pytest.fixture
def page(context: BrowserContext, seen: Seen) -> Page:
    """A page whose errors and refused inline styles or scripts fail the test."""
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            seen.complaints.append(message.text) if message.type in ("error", "warning") else None
        ),
    )
    return page
