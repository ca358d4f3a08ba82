"""A claim may lay files where the code works, read what it left, and start it again there."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gradus.core.lab import Entry, EntryKind, Lab
from gradus.core.submission import Submission
from gradus.core.verdict import Judgement, Verdict
from gradus.judge import Pool, judge

CHECK = '''"""A counter that survives a restart."""
from gradus.check import claim

@claim("It goes on where it was, after a restart.", examples=2, catches=["skips_the_max"])
def goes_on(folder, place):
    folder.names()
    if place.has("count.txt").as_value():
        raise RuntimeError("an example found what another one left")
    place.write("count.txt", b"5")
    code = place.module("counts")
    code.up().must_equal(6)
    place.text("count.txt").must_equal("6")
    again = place.module("counts")
    again.n_calls().must_equal(0)
    again.up().must_equal(7)
    place.text("count.txt").must_equal("7")
'''

COUNTS = """from pathlib import Path

calls = []


def up():
    calls.append(1)
    number = int(Path("count.txt").read_text()) + 1
    Path("count.txt").write_text(str(number))
    return number


def n_calls():
    return len(calls)
"""


@pytest.fixture
def counted(lab: Lab, pool: Pool, tmp_path: Path) -> Callable[..., Judgement]:
    """Judge a text against `CHECK`, as a folder or as a module."""
    content = tmp_path / "content"
    shutil.copytree(lab.folder.parent.parent, content)
    folder = content / "labs" / lab.id

    def judge_text(text: str, kind: EntryKind = EntryKind.FOLDER) -> Judgement:
        check = CHECK if kind is EntryKind.FOLDER else CHECK.replace("folder.names()", "folder.up")
        (folder / "check.py").write_text(check, encoding="utf-8")
        path = "." if kind is EntryKind.FOLDER else "counts.py"
        counting = replace(lab, folder=folder, entry=Entry(kind, path, ("counts.py",)))
        if kind is EntryKind.MODULE:
            counting = replace(counting, entry=Entry(kind, path, ("up", "n_calls")))
        submission = Submission({"counts.py": text.encode()})
        return judge(counting, submission, seed=0, pool=pool, name_mistakes=False)

    return judge_text


@pytest.mark.parametrize("kind", [EntryKind.FOLDER, EntryKind.MODULE])
def test_what_a_process_left_is_there_for_the_next_and_not_for_the_next_example(
    counted: Callable[..., Judgement], kind: EntryKind
) -> None:
    judgement = counted(COUNTS, kind)
    assert judgement.verdict is Verdict.PASSED, (judgement.claims, judgement.trouble)


def test_what_was_kept_in_memory_is_gone_after_a_restart(
    counted: Callable[..., Judgement],
) -> None:
    forgetful = COUNTS.replace('int(Path("count.txt").read_text()) + 1', "5 + len(calls)")
    finding = counted(forgetful).claims[0].finding
    assert finding is not None
    assert (finding.returned, finding.expected) == ("6", "7")


def test_code_that_does_not_load_is_said_to(counted: Callable[..., Judgement]) -> None:
    judgement = counted("import nothing_of_that_name\n")
    assert judgement.verdict is Verdict.FAILED
    finding = judgement.claims[0].finding
    assert finding is not None
    assert "nothing_of_that_name" in finding.returned
