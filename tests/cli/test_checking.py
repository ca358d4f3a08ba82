"""Handing work in on the command line: the verdict, the exit status, the record."""

import json
import shutil
import sqlite3

import pytest

from gradus.cli import checking
from gradus.cli.main import run
from gradus.cli.terminal import Terminal
from gradus.desk.content import content_place
from gradus.desk.desk import sit_down
from gradus.desk.record import attempts, submission_of
from gradus.ledger import faults

RIGHT = """import numpy as np


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
"""
WRONG = RIGHT.replace("x - x.max(axis=-1, keepdims=True)", "x")
ENDLESS = "def softmax(x):\n    while True:\n        pass\n"


@pytest.fixture
def write(installed):
    """Write the learner's file of the one lab there is."""
    folder = installed / "gradus" / "labs" / "stable-softmax"

    def write_text(text: str):
        run(["open", "M05"])
        (folder / "softmax.py").write_text(text)
        return folder / "softmax.py"

    return write_text


def test_a_right_answer_passes_and_exits_0(gradus, golden, write):
    write(RIGHT)
    golden("check_passed", gradus("check", "M05", "--seed", "7"))


def test_a_wrong_answer_fails_names_the_mistake_and_exits_1(gradus, golden, write):
    write(WRONG)
    golden("check_failed", gradus("check", "M05", "--seed", "7"))


def test_an_endless_loop_is_stopped_and_exits_3(gradus, golden, write):
    write(ENDLESS)
    golden("check_stopped", gradus("check", "M05", "--seed", "7"))


def test_a_failure_of_ours_exits_4_and_is_no_evidence(gradus, golden, write, monkeypatch):
    write(RIGHT)

    def broken(*_args, **_kwargs):
        raise RuntimeError("the judge has a fault")

    monkeypatch.setattr("gradus.judge.drawn.load_specification", broken)
    golden("check_unjudged", gradus("check", "M05", "--seed", "7"))
    with sit_down() as desk:
        assert list(attempts(desk.ledger())) == []
        assert "the judge has a fault" in desk.here().log_path.read_text()


def test_json_is_one_object_with_the_verdict(gradus, write):
    write(WRONG)
    ran = gradus("check", "M05", "--json", "--seed", "7")
    answer = json.loads(ran.out)
    assert ran.status == 1
    assert (answer["lab"], answer["verdict"], answer["seed"]) == ("stable-softmax", "FAILED", 7)
    assert answer["mistake"] == "skips_the_max"
    failed = [claim for claim in answer["claims"] if not claim["held"]]
    assert failed[0]["finding"]["call"].startswith("softmax(")


def test_a_file_from_anywhere_is_judged_without_a_workspace(gradus, installed):
    path = installed / "elsewhere.py"
    path.write_text(RIGHT)
    ran = gradus("check", "stable-softmax", "--file", path)
    assert ran.status == 0, ran
    assert not (installed / "gradus").exists()


def test_every_attempt_is_recorded_with_the_bytes_handed_in(gradus, write):
    path = write(WRONG)
    gradus("check", "M05")
    path.write_text(RIGHT)
    gradus("check", "M05")
    with sit_down() as desk:
        found = list(attempts(desk.ledger(), "stable-softmax"))
        assert [str(each.verdict) for each in found] == ["FAILED", "PASSED"]
        first = submission_of(desk.ledger(), found[0])
        assert first.files["softmax.py"].decode() == WRONG
        assert first.digest == found[0].row.facts["submission"]


def test_without_a_lab_everything_that_changed_is_judged(gradus, golden, write):
    write(WRONG)
    assert gradus("check").status == 1
    golden("check_nothing_changed", gradus("check"))


@pytest.fixture
def two_open(write, installed, monkeypatch):
    """Two open labs: the second one is the first under another name."""
    other = installed / "content"
    shutil.copytree(content_place(), other)
    second = other / "labs" / "power-iteration"
    shutil.copytree(other / "labs" / "stable-softmax", second)
    text = (second / "lab.toml").read_text()
    (second / "lab.toml").write_text(text.replace('"M05"', '"M06"'))
    for place in ("catalogue.whole", "desk.content"):
        monkeypatch.setattr(f"gradus.{place}.content_root", lambda: other)
    run(["open", "M06"])
    return write(WRONG), installed / "gradus" / "labs" / "power-iteration" / "softmax.py"


def test_a_lab_that_cannot_be_judged_leaves_the_others_their_verdict(gradus, golden, two_open):
    first, second = two_open
    first.unlink()
    second.write_text(RIGHT)
    golden("check_one_of_two", gradus("check", "--seed", "7"))


def test_several_labs_as_json_are_one_object(gradus, two_open):
    first, second = two_open
    second.write_text(RIGHT)
    first.unlink()
    ran = gradus("check", "--json")
    answer = {each["lab"]: each for each in json.loads(ran.out)["checked"]}
    assert ran.status == 2
    assert answer["power-iteration"]["verdict"] == "PASSED"
    assert answer["stable-softmax"]["kind"] == "UsageError"
    assert "has no softmax.py" in answer["stable-softmax"]["error"]


def test_without_a_lab_json_has_the_same_form_for_none_and_for_one(gradus, write):
    write(WRONG)
    found = [json.loads(gradus("check", "--json").out)["checked"] for _ in range(2)]
    assert [len(each) for each in found] == [1, 0]
    assert found[0][0]["verdict"] == "FAILED"


def test_without_a_lab_inside_a_labs_folder_that_lab_is_judged(gradus, write, monkeypatch):
    path = write(RIGHT)
    gradus("check")
    monkeypatch.chdir(path.parent)
    assert "PASSED" in gradus("check").out


def test_an_untouched_starter_is_not_judged_unasked(gradus, golden, installed):
    gradus("open", "M05")
    golden("check_untouched", gradus("check"))


def test_without_an_open_lab_check_says_how_to_begin(gradus, golden, installed):
    gradus("open", "M05")
    for path in (installed / "gradus" / "labs" / "stable-softmax").iterdir():
        path.unlink()
    (installed / "gradus" / "labs" / "stable-softmax").rmdir()
    golden("check_nothing_open", gradus("check"))


def test_a_lab_that_is_not_open_says_how_to_open_it(gradus, golden, write):
    write(RIGHT)
    folder = write(RIGHT).parent
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    golden("check_not_open", gradus("check", "M05"))


def test_a_file_that_is_gone_says_so(gradus, golden, write):
    write(RIGHT).unlink()
    golden("check_gone", gradus("check", "M05"))


def test_a_folder_in_the_place_of_the_file_says_so(gradus, golden, write):
    path = write(RIGHT)
    path.unlink()
    path.mkdir()
    golden("check_folder", gradus("check", "M05"))


def test_a_file_that_is_not_there_says_so(gradus, golden, installed):
    golden("check_file_gone", gradus("check", "M05", "--file", installed / "softmx.py"))


def test_a_missing_environment_says_the_one_command(gradus, golden, home):
    gradus("open", "M05")
    golden("check_no_environment", gradus("check", "M05"))


def test_a_file_needs_its_lab(gradus, golden):
    golden("check_file_without_lab", gradus("check", "--file", "softmax.py"))


def test_a_seed_that_is_no_number_says_so(gradus, golden):
    golden("check_wrong_seed", gradus("check", "M05", "--seed", "seven"))


def test_a_verdict_is_given_although_the_record_cannot_take_it(gradus, golden, write):
    path = write(RIGHT)
    (path.parents[2] / ".gradus" / "ledger.db").write_bytes(b"no database" * 999)
    golden("check_not_recorded", gradus("check", "M05", "--seed", "7"))


def test_json_says_that_the_record_could_not_take_it(gradus, write):
    path = write(RIGHT)
    (path.parents[2] / ".gradus" / "ledger.db").write_bytes(b"no database" * 999)
    ran = gradus("check", "M05", "--json")
    answer = json.loads(ran.out)
    assert (ran.status, answer["verdict"], answer["kind"]) == (2, "PASSED", "LedgerError")
    assert "is damaged" in answer["error"]


def test_a_full_disk_keeps_the_verdict_and_says_that_it_is_not_recorded(
    gradus, golden, write, monkeypatch
):
    path = write(RIGHT)

    def no_room(self, *_args, **_kwargs):
        fault = sqlite3.OperationalError("database or disk is full")
        fault.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise faults.explain(fault, self.path, 15)

    monkeypatch.setattr("gradus.ledger.Ledger.append", no_room)
    golden("check_disk_full", gradus("check", "M05", "--seed", "7"))
    assert path.read_text() == RIGHT


def test_a_read_only_record_keeps_the_verdict_and_says_what_to_do(
    gradus, golden, write, monkeypatch
):
    path = write(RIGHT)

    def read_only(self, *_args, **_kwargs):
        fault = sqlite3.OperationalError("attempt to write a readonly database")
        fault.sqlite_errorcode = sqlite3.SQLITE_READONLY
        raise faults.explain(fault, self.path, 15)

    monkeypatch.setattr("gradus.ledger.Ledger.append", read_only)
    golden("check_read_only", gradus("check", "M05", "--seed", "7"))
    assert path.read_text() == RIGHT


def test_a_malformed_lab_is_named_with_its_file_and_line(gradus, golden, write, monkeypatch):
    other = write(RIGHT).parents[3] / "content"
    shutil.copytree(content_place(), other)
    broken = other / "labs" / "stable-softmax" / "lab.toml"
    broken.write_text(broken.read_text().replace("minutes = 20", "minutes = soon"))
    monkeypatch.setattr("gradus.catalogue.whole.content_root", lambda: other)
    golden("check_malformed_lab", gradus("check", "stable-softmax"))


def test_progress_shows_the_pass(gradus, golden, write):
    write(RIGHT)
    gradus("check", "M05")
    golden("progress_passed", gradus("progress"))


def test_the_reference_costs_nothing_after_a_pass(gradus, write):
    write(RIGHT)
    gradus("check", "M05")
    ran = gradus("reveal", "M05")
    assert ran.status == 0
    assert "seven days" not in ran.out
    with sit_down() as desk:
        assert [row.kind for row in desk.ledger().rows()] == ["opened", "attempt"]


def test_a_judged_save_prepares_the_next_check(write):
    write(RIGHT)
    with sit_down() as desk:
        checking._answer(Terminal(), desk, "lab stable-softmax", None)
        seed = desk.drawn["stable-softmax"].seed
        checking._answer(Terminal(), desk, "lab stable-softmax", None)
        made = sorted(attempts(desk.ledger()), key=lambda each: each.row.seq)
    assert [each.row.facts["seed"] for each in made][1:] == [seed]
