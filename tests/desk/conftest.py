"""A desk with the real content, and a record that a test fills."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gradus.catalogue import load_catalogue
from gradus.core.catalogue import Catalogue
from gradus.core.submission import Submission
from gradus.core.verdict import ClaimOutcome, Judgement, Verdict
from gradus.desk.desk import Desk
from gradus.desk.environments import find_runtime
from gradus.desk.record import record_attempt
from gradus.desk.workspace import create_workspace
from gradus.judge import Pool


@pytest.fixture(scope="session")
def real_catalogue() -> Catalogue:
    """The content of this checkout."""
    return load_catalogue()


@pytest.fixture
def desk(real_catalogue: Catalogue, tmp_path: Path) -> Iterator[Desk]:
    """A desk at a workspace in which nothing was done yet."""
    workspace = create_workspace(tmp_path / "gradus")
    with Desk(real_catalogue, workspace, Pool(find_runtime(real_catalogue))) as desk:
        yield desk


@pytest.fixture
def attempted(desk: Desk) -> Callable[..., None]:
    """Put an attempt on a lab into the record."""

    def put(name: str, verdict: Verdict = Verdict.PASSED) -> None:
        lab = desk.catalogue.lab(name)
        work = Submission({"work.py": b"x = 1\n"})
        held = verdict is Verdict.PASSED
        said = Judgement(
            lab=lab.id,
            lab_version=lab.version,
            submission=work.digest,
            verdict=verdict,
            seed=7,
            seconds=0.02,
            claims=(ClaimOutcome("It is right.", held, 25),),
        )
        record_attempt(desk.ledger(), said, work)

    return put
