"""The application on a workspace of its own, with the real content and without a judge."""

import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gradus.catalogue import load_catalogue
from gradus.core.catalogue import Catalogue
from gradus.core.submission import Submission
from gradus.core.verdict import ClaimOutcome, Finding, Judgement, Verdict
from gradus.desk.desk import Desk
from gradus.desk.environments import find_runtime
from gradus.desk.learning import open_lab
from gradus.desk.record import record_attempt
from gradus.desk.workspace import create_workspace, save_profile
from gradus.judge import Pool, read_submission
from gradus.web.app import create_app
from gradus.web.settings import Settings

with warnings.catch_warnings():  # it would rather have httpx2, which is not in our pins
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

PORT = 8321
ADDRESS = f"http://127.0.0.1:{PORT}"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The content of this checkout."""
    return load_catalogue()


@pytest.fixture
def desk(catalogue: Catalogue, tmp_path: Path) -> Iterator[Desk]:
    """A desk whose learner has seen the first page."""
    workspace = create_workspace(tmp_path / "gradus")
    save_profile(workspace, {"first_run": "skipped"})
    with Desk(catalogue, workspace, Pool(find_runtime(catalogue))) as desk:
        yield desk


@pytest.fixture
def settings(desk: Desk) -> Settings:
    """One start of the application."""
    return Settings(desk, PORT, watch=False)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """A browser that follows no redirect by itself."""
    with TestClient(
        create_app(settings),
        base_url=ADDRESS,
        follow_redirects=False,
        raise_server_exceptions=False,
    ) as client:
        yield client


@dataclass(frozen=True)
class Person:
    """Somebody at the browser: sends what changes something as the page would."""

    client: TestClient
    settings: Settings

    def act(self, address: str, **fields: str) -> Any:
        """Send a form from the application's own page."""
        self.client.cookies.set(self.settings.cookie, self.settings.token)
        return self.client.post(
            address,
            data={"token": self.settings.token, **fields},
            headers={"origin": ADDRESS, "sec-fetch-site": "same-origin"},
        )

    def script(self, address: str, **fields: str) -> Any:
        """Send what the page's script sends."""
        self.client.cookies.set(self.settings.cookie, self.settings.token)
        return self.client.post(
            address,
            data=fields,
            headers={
                "origin": ADDRESS,
                "sec-fetch-site": "same-origin",
                "x-gradus-token": self.settings.token,
                "accept": "application/json",
            },
        )


@pytest.fixture
def person(client: TestClient, settings: Settings) -> Person:
    """Somebody at the browser."""
    return Person(client, settings)


def judgement(desk: Desk, name: str, verdict: Verdict, **more: Any) -> Judgement:
    """Return what the judge might have said about a lab."""
    lab = desk.catalogue.lab(name)
    held = verdict is Verdict.PASSED
    finding = Finding("matmul([[1]], [[2]])", "[[3]]", "[[2]]", note="The difference is at [0][0].")
    claims = (
        ClaimOutcome("Each entry is a row times a column.", held, 31, None if held else finding),
        ClaimOutcome("Empty matrices work.", held, 27 if held else 0),
    )
    fields: dict[str, Any] = {
        "lab": lab.id,
        "lab_version": lab.version,
        "submission": "sha256:0",
        "verdict": verdict,
        "seed": 7,
        "seconds": 0.041,
        "claims": claims,
    }
    return Judgement(**{**fields, **more})


@pytest.fixture
def judged_as(desk: Desk) -> Callable[[str, Verdict], Judgement]:
    """Return what the judge might have said about a lab."""
    return lambda name, verdict: judgement(desk, name, verdict)


@pytest.fixture
def attempt(desk: Desk) -> Callable[..., Judgement]:
    """Put an attempt on an open lab into the record, of what lies in its folder."""

    def make(name: str, verdict: Verdict = Verdict.PASSED, **more: Any) -> Judgement:
        lab = desk.catalogue.lab(name)
        open_lab(desk, name)
        handed_in: Submission = read_submission(lab, desk.here().folder(lab))
        said = judgement(desk, name, verdict, submission=handed_in.digest, **more)
        record_attempt(desk.ledger(), said, handed_in)
        return said

    return make


@pytest.fixture
def seen(client: TestClient) -> Callable[[str], str]:
    """Read a page as a person does: its words without tags, in one line."""

    def read(address: str) -> str:
        html = re.sub(r"<(script|style)\b.*?</\1>", " ", client.get(address).text, flags=re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", html).split())

    return read
