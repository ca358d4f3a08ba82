"""How often a service has to be asked until it is ready is no part of what it does."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gradus.catalogue import load_lab
from gradus.core.submission import Submission
from gradus.judge import Pool
from gradus.judge.naming import behave_alike

LABS = Path(__file__).parents[1] / "labs"
CHECK = '''"""A service that is asked until it is ready."""
from gradus.check import claim

@claim("It gets ready.", examples=1)
def gets_ready(service):
    service.ask_until(lambda: service.get("/"), lambda it: it.status.as_value() == 200, seconds=3)
    service.get("/").must_have_status(200)
'''
SLOW = """questions = 0

async def app(scope, receive, send):
    global questions
    if scope["type"] != "http":
        raise RuntimeError("no lifespan here")
    questions += 1
    status = 200 if questions > {not_ready} else 503
    await send({{"type": "http.response.start", "status": status, "headers": []}})
    await send({{"type": "http.response.body", "body": b"{body}"}})
"""


@pytest.fixture
def alike(pool: Pool, tmp_path: Path) -> Callable[[str, str], bool]:
    """Compare two services by what they do on the claim of `CHECK`."""
    shutil.copytree(LABS, tmp_path / "content")
    lab = load_lab(LABS / "labs" / "echo-service", LABS)
    lab = replace(lab, folder=tmp_path / "content" / "labs" / lab.id)
    (lab.folder / "check.py").write_text(CHECK, encoding="utf-8")

    def compare(one: str, other: str) -> bool:
        first, second = (Submission({"service.py": text.encode()}) for text in (one, other))
        return behave_alike(lab, first, second, pool, seeds=[1])

    return compare


def test_a_service_that_takes_longer_behaves_as_one_that_is_ready_at_once(
    alike: Callable[[str, str], bool],
) -> None:
    at_once = SLOW.format(not_ready=0, body="here")
    assert alike(at_once, SLOW.format(not_ready=3, body="here"))
    assert not alike(at_once, SLOW.format(not_ready=3, body="there"))
