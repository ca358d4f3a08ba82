"""A passed lab comes back as one short claim, from an empty file, on a fresh seed."""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gradus.catalogue import load_catalogue
from gradus.core.errors import UsageError
from gradus.core.verdict import Verdict
from gradus.desk.again import begin_again, hand_in_again, labs_to_do_again, minutes_again_ahead
from gradus.desk.desk import Desk
from gradus.desk.judging import check_lab
from gradus.desk.learning import open_lab
from gradus.desk.pages import standings
from gradus.desk.record import attempts, evidence
from gradus.desk.workspace import create_workspace
from gradus.judge import Pool, hollow_submissions, judge_claim
from gradus.planner.mastery import Standing
from gradus.sandbox import Runtime

CONTENT = Path(__file__).parents[1] / "cli" / "content"
NAME = "stable-softmax"


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    def find(environment: str, imports: tuple[str, ...]) -> Runtime:
        return Runtime(Path(sys.executable), imports, environment)

    with Pool(find) as made:
        yield made


@pytest.fixture
def desk(pool: Pool, tmp_path: Path) -> Iterator[Desk]:
    """A desk at which softmax was passed nine days ago."""
    desk = Desk(load_catalogue(CONTENT), create_workspace(tmp_path / "gradus"), pool)
    desk.ledger()._clock = lambda: days(-9)
    open_lab(desk, NAME)
    lab = desk.catalogue.lab(NAME)
    reference = (lab.folder / "reference" / "softmax.py").read_bytes()
    (desk.here().folder(lab) / "softmax.py").write_bytes(reference)
    assert check_lab(desk, NAME).verdict is Verdict.PASSED
    desk.ledger()._clock = lambda: days(0)
    yield desk
    desk.ledger().close()


@pytest.fixture
def write(desk: Desk) -> Callable[[str], None]:
    """Write one of the lab's own solutions into the review's folder."""

    def put(path: str) -> None:
        content = (desk.catalogue.lab(NAME).folder / path).read_bytes()
        (begin_again(desk, NAME).folder / "softmax.py").write_bytes(content)

    return put


def days(number: float) -> datetime:
    return datetime.now(UTC) + timedelta(days=number)


def test_a_passed_lab_is_due_after_about_a_week_and_not_before(desk: Desk) -> None:
    assert labs_to_do_again(desk, now=days(-2.1)) == ()
    (view,) = labs_to_do_again(desk)
    assert (view.lab, view.begun, view.fading) == (NAME, False, False)
    counted = [minutes > 0 for minutes in minutes_again_ahead(desk, 60).values()]
    assert counted[0]
    assert 1 <= sum(counted[1:]) <= 3


def test_the_starter_lies_in_a_folder_of_its_own_and_the_learners_file_stays(desk: Desk) -> None:
    lab = desk.catalogue.lab(NAME)
    mine = desk.here().folder(lab) / "softmax.py"
    before = mine.read_bytes()
    asked = begin_again(desk, NAME)
    assert asked.folder == desk.here().root / "reviews" / NAME / "1"
    starter = (lab.folder / "starter" / "softmax.py").read_bytes()
    assert (asked.folder / "softmax.py").read_bytes() == starter
    assert mine.read_bytes() == before
    assert begin_again(desk, NAME) == asked, "what was begun goes on"
    assert [row.facts["act"] for row in desk.ledger().rows("review")] == ["asked"]


def test_a_claim_that_takes_no_work_to_keep_is_not_asked_for(desk: Desk) -> None:
    lab = desk.catalogue.lab(NAME)
    for number in range(1, 6):
        asked = begin_again(desk, NAME)
        assert asked.number == number
        hollow = hollow_submissions(lab, 0)
        assert len(hollow) == 3
        for each in hollow:
            said = judge_claim(lab, each, asked.claim, seed=5, pool=desk.pool)
            assert said.verdict is Verdict.FAILED
        desk.ledger().append("review", {"act": "done", "lab": NAME, "verdict": "PASSED"})


def test_a_claim_that_holds_is_a_review_and_no_attempt(desk: Desk, write) -> None:
    count, before = len(list(attempts(desk.ledger()))), evidence(desk.ledger())
    write("reference/softmax.py")
    judgement = hand_in_again(desk, NAME)
    assert judgement.verdict is Verdict.PASSED
    assert [each.held for each in judgement.claims] == [True]
    row = list(desk.ledger().rows("review"))[-1]
    assert (row.facts["act"], row.facts["claim"]) == ("done", begin_name(desk))
    assert row.blobs.keys() >= {"file:softmax.py"}
    assert len(list(attempts(desk.ledger()))) == count
    assert evidence(desk.ledger()) == before
    assert labs_to_do_again(desk, now=days(9)) == (), "it comes back later now"


def begin_name(desk: Desk) -> str:
    return next(r.facts["claim"] for r in desk.ledger().rows("review") if r.facts["act"] == "asked")


def test_a_claim_that_fails_makes_the_lab_fade_until_one_holds(desk: Desk, write) -> None:
    folder = begin_again(desk, NAME).folder
    (folder / "softmax.py").write_text("def softmax(x):\n    return None\n")
    assert hand_in_again(desk, NAME).verdict is Verdict.FAILED
    state = standings(desk).labs[NAME]
    assert (state.standing, state.fading) == (Standing.SHOWN, True)
    skill = next(iter(desk.catalogue.lab(NAME).skills))
    assert standings(desk).skills[skill].fading
    (view,) = labs_to_do_again(desk, now=days(2))
    assert view.fading, "it comes back soon"
    (folder / "softmax.py").write_bytes(
        (desk.catalogue.lab(NAME).folder / "reference" / "softmax.py").read_bytes()
    )
    assert hand_in_again(desk, NAME).verdict is Verdict.PASSED
    assert not standings(desk).labs[NAME].fading


def test_a_second_review_has_a_folder_of_its_own(desk: Desk, write) -> None:
    write("reference/softmax.py")
    hand_in_again(desk, NAME)
    assert begin_again(desk, NAME).folder.name == "2"
    assert (desk.here().root / "reviews" / NAME / "1" / "softmax.py").exists()


def test_a_lab_that_was_not_passed_or_not_asked_for_is_refused(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"No claim of {NAME} was asked for"):
        hand_in_again(desk, NAME)
    fresh = Desk(desk.catalogue, create_workspace(tmp_path / "other"), desk.pool)
    with pytest.raises(UsageError, match="not passed yet"):
        begin_again(fresh, NAME)
    fresh.ledger().close()


def test_an_untouched_file_is_not_judged(desk: Desk) -> None:
    begin_again(desk, NAME)
    with pytest.raises(UsageError, match="Nothing is written"):
        hand_in_again(desk, NAME)
    assert not standings(desk).labs[NAME].fading
