"""The page of a lab that asks for proofs: which there are, which passed, and the one command."""

import re
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from gradus.catalogue import load_catalogue
from gradus.cli.plan_texts import today_text, work_object
from gradus.core.catalogue import Catalogue
from gradus.core.errors import UsageError
from gradus.core.lab import Lab
from gradus.core.verdict import Judgement, Verdict
from gradus.desk.again import begin_again, labs_to_do_again
from gradus.desk.desk import Desk
from gradus.desk.environments import find_runtime
from gradus.desk.learning import open_lab
from gradus.desk.plan_page import today_page
from gradus.desk.record import PROOF, record_attempt
from gradus.desk.workspace import create_workspace, save_profile
from gradus.judge import Pool, read_submission
from gradus.web.rendering import make_environment

from ..proof_lab import lay_proof_lab

CONTENT = Path(__file__).parents[1] / "cli" / "content"


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    """The small content with a lab that asks for proofs."""
    root = Path(shutil.copytree(CONTENT, tmp_path / "content"))
    lay_proof_lab(root)
    return load_catalogue(root)


@pytest.fixture
def lab(desk: Desk) -> Lab:
    open_lab(desk, "X07")
    return desk.catalogue.lab("X07")


@pytest.fixture
def proved(desk: Desk, lab: Lab) -> Callable[..., None]:
    """Put a run of proofs on the learner's files into the record."""

    def put(verdict: str, *names: str, quick: bool = False, reason: str = "") -> None:
        facts = {
            "lab": lab.id,
            "lab_version": lab.version,
            "submission": read_submission(lab, desk.here().folder(lab)).digest,
            "quick": quick,
            "fresh": True,
            "changed": [],
            "proofs": [
                {"proof": each, "verdict": verdict, "seed": 7, "reason": reason} for each in names
            ],
        }
        desk.ledger().append(PROOF, facts)

    return put


def told(client: TestClient, address: str = "/labs/X07") -> str:
    """Return what a page says of proofs, as a line."""
    html = client.get(address).text
    found = re.search(r'<section class="part" id="proofs".*?</section>', html, re.DOTALL)
    text = found[0] if found else html
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_the_page_says_which_proofs_there_are_and_how_they_are_run(
    client: TestClient, lab: Lab
) -> None:
    said = told(client)
    assert "passed in two parts, by the same files" in said
    assert said.count("Not run yet") == 3
    assert said.endswith("gradus prove X07 With --core the short ones come first: start.")


def test_what_passed_what_failed_and_what_shows_nothing_is_told_apart(
    client: TestClient, lab: Lab, proved: Callable[..., None]
) -> None:
    proved("PASSED", "start")
    proved("PASSED", "contract", quick=True)
    proved("INVALID", "baseline", reason="This machine is too busy.")
    said = told(client)
    assert re.search(r"Passed, \d", said)
    assert "A quick run shows nothing: its bounds are wider." in said
    assert re.search(r"Invalid, [^.]*\. This machine is too busy\.", said)
    assert "gradus prove X07 --only contract --only baseline" in said
    proved("FAILED", "baseline")
    assert re.search(r"Failed, \d", told(client))


def test_a_changed_file_begins_anew_and_an_ignored_one_does_not(
    client: TestClient, desk: Desk, lab: Lab, proved: Callable[..., None]
) -> None:
    proved("PASSED", "start", "contract", "baseline")
    folder = desk.here().folder(lab)
    (folder / "run.log").write_text("a request")
    assert "the claims are not passed yet" in told(client)
    (folder / "serve.py").write_text("print()\n")
    assert told(client).count("Not run yet") == 3


def test_progress_the_list_and_the_map_say_what_is_missing(
    client: TestClient, lab: Lab, proved: Callable[..., None]
) -> None:
    proved("PASSED", "start")
    assert "Lacks claims, contract, baseline" in told(client, "/labs")
    assert "lacks claims, contract, baseline" in told(client, "/progress")
    assert "Lacks claims, contract, baseline" in told(client, "/?skill=la-eigen")


def test_today_and_the_plan_say_what_a_begun_lab_lacks(tmp_path: Path) -> None:
    root = Path(shutil.copytree(CONTENT, tmp_path / "content"))
    lay_proof_lab(root, "M06")
    catalogue = load_catalogue(root)
    workspace = create_workspace(tmp_path / "gradus")
    save_profile(workspace, {"track": "two-steps", "hours_per_week": 14})
    with Desk(catalogue, workspace, Pool(find_runtime(catalogue))) as desk:
        open_lab(desk, "M06")
        day = today_page(desk, 600, date(2026, 11, 27))
        items = [each for each in day.items if each.lacks]
        assert {(each.kind, each.ref) for each in items} == {("lab", "M06")}
        lacks = ("claims", "start", "contract", "baseline")
        assert items[0].lacks == lacks
        assert f"             lacks {', '.join(lacks)}\n" in today_text(day)
        assert work_object(items[0])["lacks"] == list(lacks)
        macros = make_environment().get_template("_work.html").make_module()
        assert "Your files lack claims, start" in str(macros.work(items[0], None, "/today"))


def test_a_whole_project_does_not_come_back_as_one_claim(
    desk: Desk, lab: Lab, proved: Callable[..., None]
) -> None:
    work = read_submission(lab, desk.here().folder(lab))
    said = Judgement(
        lab=lab.id,
        lab_version=lab.version,
        submission=work.digest,
        verdict=Verdict.PASSED,
        seed=7,
        seconds=0.1,
        claims=(),
    )
    record_attempt(desk.ledger(), said, work)
    with pytest.raises(UsageError, match="not passed yet"):
        begin_again(desk, "X07")
    proved("PASSED", "start", "contract", "baseline")
    with pytest.raises(UsageError, match="a whole project"):
        begin_again(desk, "X07")
    assert labs_to_do_again(desk, datetime(2036, 1, 1, tzinfo=UTC)) == ()
