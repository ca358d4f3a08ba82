"""A claim may ask for the submission in one more process, and pass answers as arguments."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gradus.core.lab import Entry, EntryKind, Lab
from gradus.core.submission import Submission
from gradus.core.verdict import Judgement, Verdict
from gradus.judge import Pool, judge

CHECK = '''"""Counting in two processes."""
from gradus.check import claim

@claim("Another process has counted nothing yet.", examples=1, catches=["skips_the_max"])
def starts_afresh(work, another):
    work.count([1]).must_equal(1)
    work.count([1]).must_equal(2)
    another.count(work.count([1])).must_equal(1)

@claim("An answer that is handed on is left alone.", examples=1, catches=["skips_the_max"])
def leaves_answers_alone(work):
    given = work.given()
    work.count(given).must_not_change_its_arguments()
'''

COUNTS = """calls = []

def count(x):
    calls.append(x)
    return len(calls)

def given():
    return [1, 2]
"""


@pytest.fixture
def counted(lab: Lab, pool: Pool, tmp_path: Path) -> Callable[[str], Judgement]:
    """Judge a module against `CHECK`."""
    content = tmp_path / "content"
    shutil.copytree(lab.folder.parent.parent, content)
    folder = content / "labs" / lab.id
    (folder / "check.py").write_text(CHECK, encoding="utf-8")
    entry = Entry(EntryKind.MODULE, "counts.py", ("count", "given"))
    counting = replace(lab, folder=folder, entry=entry)

    def judge_text(text: str) -> Judgement:
        submission = Submission({"counts.py": text.encode()})
        return judge(counting, submission, seed=0, pool=pool, name_mistakes=False)

    return judge_text


def test_another_process_shares_nothing_with_the_first(
    counted: Callable[[str], Judgement],
) -> None:
    assert counted(COUNTS).verdict is Verdict.PASSED


def test_an_answer_changed_as_an_argument_is_found(counted: Callable[[str], Judgement]) -> None:
    greedy = COUNTS.replace("    return len(calls)", "    x.pop()\n    return len(calls)")
    judgement = counted(greedy)
    assert not judgement.claims[1].held
    assert judgement.claims[1].finding is not None
    assert "argument 1 became [1]; it was [1, 2]" in judgement.claims[1].finding.returned
