"""A learner's way through the labs, as text."""

import json

import pytest

from gradus.desk.desk import sit_down


def test_labs_are_listed_by_layer_with_what_comes_next(gradus, golden):
    golden("labs", gradus("labs"))


def test_planned_labs_are_listed_on_request_and_said_to_be_planned(gradus, golden):
    golden("labs_all", gradus("labs", "--all"))


def test_labs_as_json_are_one_object(gradus):
    answer = json.loads(gradus("labs", "--json").out)
    assert answer["labs"][0]["lab"] == "stable-softmax"
    assert answer["labs"][0]["standing"] == "in_reach"


def test_opening_a_lab_makes_a_workspace_and_says_what_comes_next(gradus, golden):
    golden("open", gradus("open", "M05"))


def test_opening_again_overwrites_nothing(gradus, golden, home):
    gradus("open", "stable-softmax")
    mine = home / "gradus" / "labs" / "stable-softmax" / "softmax.py"
    mine.write_text("# mine\n")
    golden("open_again", gradus("open", "stable-softmax"))
    assert mine.read_text() == "# mine\n"


def test_an_unknown_lab_is_answered_with_the_nearest(gradus, golden):
    golden("unknown_lab", gradus("open", "stable-sotfmax"))


def test_a_planned_lab_is_said_to_be_planned(gradus, golden):
    golden("planned_lab", gradus("open", "m06"))


def test_an_unknown_command_is_answered_with_the_nearest(gradus, golden):
    golden("unknown_command", gradus("chekc"))


def test_an_unknown_option_is_answered_with_the_usage(gradus, golden):
    golden("unknown_option", gradus("labs", "--al"))


def test_hints_come_one_rung_at_a_time(gradus, golden):
    gradus("open", "M05")
    golden("hint_1", gradus("hint", "M05"))
    gradus("hint", "M05")
    golden("hint_3", gradus("hint", "M05"))
    assert json.loads(gradus("hint", "M05", "--json").out)["rung"] == 3


def test_hints_are_in_the_record(gradus):
    gradus("open", "M05")
    gradus("hint", "M05")
    gradus("hint", "M05")
    with sit_down() as desk:
        kinds = [row.kind for row in desk.ledger().rows()]
    assert kinds == ["opened", "hint", "hint"]


def test_a_hint_without_a_workspace_says_how_to_get_one(gradus, golden):
    golden("no_workspace", gradus("hint", "M05"))


def test_the_reference_is_not_shown_by_accident(gradus, golden):
    gradus("open", "M05")
    golden("reveal_refused", gradus("reveal", "M05"))


def test_the_reference_on_request_is_recorded(gradus, golden):
    gradus("open", "M05")
    golden("reveal", gradus("reveal", "M05", "--yes"))
    with sit_down() as desk:
        assert [row.kind for row in desk.ledger().rows()] == ["opened", "revealed"]


def test_progress_before_anything_was_done(gradus, golden):
    golden("progress_empty", gradus("progress"))


@pytest.mark.parametrize("words", [["labs"], ["progress"], ["install"], ["doctor"], ["check"]])
def test_a_fault_is_an_object_under_json(gradus, home, words):
    (home / "gradus" / ".gradus").mkdir(parents=True)
    (home / "gradus" / "gradus.toml").write_text("format = 1\n")
    (home / "gradus" / ".gradus" / "ledger.db").write_bytes(b"x" * 5000)
    ran = gradus(*words, "--json")
    answer = json.loads(ran.out)
    assert "error" in answer or "checkups" in answer or "environments" in answer
