"""`gradus review` with keys and with lines, as text."""

import io
import json
import os
import pty
import re
import sys
from pathlib import Path

import pytest

from gradus.desk.desk import sit_down
from gradus.desk.review_log import read_reviews

LAB = "stable-softmax"
CONTENT = Path(__file__).parent / "content"


@pytest.fixture
def passed(gradus, installed, monkeypatch):
    """A learner who has passed the lab; cards look the same each time."""
    monkeypatch.setattr("gradus.desk.reviewing.secrets.randbelow", lambda _: 3)
    gradus("open", LAB)
    with sit_down() as desk:
        lab = desk.catalogue.lab(LAB)
        reference = lab.folder / "reference" / "softmax.py"
    gradus("check", LAB, "--file", str(reference))


@pytest.fixture
def typed(gradus, monkeypatch):
    """Run a command with lines typed into it."""

    def run(text, *words):
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        return gradus(*words)

    return run


def test_before_the_first_pass_there_are_no_cards(typed, gradus, golden):
    gradus("open", LAB)
    golden("review_no_cards", typed("", "review"))


def test_a_whole_review_line_by_line(typed, passed, golden):
    golden("review", typed("\n3\na\n1\n3\n0.6667\n4\n", "review"))


def test_what_is_no_answer_is_said_and_asked_again(typed, passed, golden):
    golden("review_odd_keys", typed("x\n\n9\nu\n3\nq\n", "review"))


def test_an_answer_can_be_taken_back(typed, passed):
    typed("\n4\nu\n\n1\nq\n", "review")
    with sit_down() as desk:
        log = read_reviews(desk.ledger())
        acts = [row.facts["act"] for row in desk.ledger().rows("review")]
    assert acts == ["answer", "undo", "answer"]
    assert [str(each.grade) for each in log.standing] == ["again"]


def test_a_limit_on_the_command_line_holds_for_the_day(typed, passed, golden):
    golden("review_limit", typed("\n3\n", "review", "--limit", "1"))


def test_the_end_of_the_input_leaves_and_keeps_what_was_answered(typed, passed, golden):
    golden("review_left", typed("\n3\n", "review"))


def test_what_is_due_is_listed_as_json_and_nothing_is_asked(gradus, passed):
    answer = json.loads(gradus("review", "--json").out)
    assert (answer["left"], answer["card"]["item"]) == (3, f"{LAB}/why-subtract")
    assert answer["card"]["answer"] == ""
    with sit_down() as desk:
        assert list(desk.ledger().rows("review")) == []


def test_a_bad_limit_in_the_workspace_is_said(gradus, passed, golden, home):
    path = home / "gradus" / "gradus.toml"
    path.write_text(path.read_text() + "\n[review]\ndaily_limit = -3\n")
    golden("review_bad_limit", gradus("review"))


def test_a_card_that_is_set_aside_is_said_with_its_lab(typed, gradus, passed, golden):
    with sit_down() as desk:
        for _ in range(8):
            facts = {"act": "answer", "lab": LAB, "card": "why-subtract", "seconds": 1.0}
            desk.ledger().append("review", {**facts, "grade": "again"})
    golden("review_set_aside", typed("q\n", "review"))
    golden("review_brought_back", gradus("review", "--bring-back", f"{LAB}/why-subtract"))
    golden("review_not_aside", gradus("review", "--bring-back", f"{LAB}/why-subtract"))


def test_a_claim_is_done_again_in_a_folder_of_its_own(gradus, passed, golden, home, monkeypatch):
    monkeypatch.setattr("gradus.desk.again.secrets.randbelow", lambda _: 3)
    golden("again_not_asked", gradus("review", LAB, "--hand-in"))
    golden("again_asked", gradus("review", LAB))
    golden("again_untouched", gradus("review", LAB, "--hand-in"))
    mine = home / "gradus" / "reviews" / LAB / "1" / "softmax.py"
    mine.write_text("def softmax(x):\n    return x * 1.0\n")
    golden("again_failed", gradus("review", LAB, "--hand-in"))
    golden("again_fading", gradus("labs"))
    with sit_down() as desk:
        mine.write_bytes((desk.catalogue.lab(LAB).folder / "reference" / "softmax.py").read_bytes())
    assert gradus("review", LAB, "--hand-in").status == 0
    assert "fading" not in gradus("labs").out


def test_a_lab_that_was_not_passed_is_not_done_again(gradus, golden, home):
    gradus("open", LAB)
    golden("again_not_passed", gradus("review", LAB))
    golden("again_which", gradus("review", "--hand-in"))


@pytest.mark.skipif(os.name == "nt", reason="terminals of POSIX")
def test_on_a_terminal_single_keys_are_enough(passed, home):
    words = [sys.executable, "-c", TERMINAL, str(CONTENT)]
    said = io.BytesIO()
    child, descriptor = pty.fork()
    if child == 0:
        os.execv(sys.executable, words)
    for wait, keys in ((b"space shows it", b" "), (b"4 Easy", b"3"), (b"do not know", b"q")):
        while wait not in said.getvalue().rpartition(b"----")[2]:
            said.write(os.read(descriptor, 1024))
        said.write(b"----")
        os.write(descriptor, keys)
    try:
        while more := os.read(descriptor, 1024):
            said.write(more)
    except OSError:  # the terminal is gone with its program
        pass
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    text = re.sub(rb"\s+", b" ", said.getvalue()).decode()
    assert "It comes back in 2 days." in text
    assert "2 left for today" in text


TERMINAL = """
import sys
from pathlib import Path
import gradus.catalogue.whole, gradus.desk.content
gradus.catalogue.whole.content_root = lambda: Path(sys.argv[1])
from gradus.cli.main import run
sys.exit(run(["review"]))
"""
