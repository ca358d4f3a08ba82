"""For authors: what `lab new` and `lab check` say."""

import json
import shutil
import tomllib

import pytest

from gradus.desk.content import content_labs


def test_lab_check_without_a_name_says_what_to_type(gradus, golden):
    golden("lab_check_nothing", gradus("lab", "check"))


def test_an_unknown_lab_is_answered_with_the_nearest(gradus, golden):
    golden("lab_check_unknown", gradus("lab", "check", "stable-softmx"))


def test_an_unknown_command_for_authors_is_answered_with_the_nearest(gradus, golden):
    golden("lab_unknown_command", gradus("lab", "chek"))


def test_what_is_to_mend_is_listed_and_exits_1(gradus, installed):
    ran = gradus("lab", "check", "stable-softmax", "--json")
    answer = json.loads(ran.out)
    assert ran.status == 1
    assert answer["labs"] == ["stable-softmax"]
    assert {"code", "message", "path", "reason", "remedy"} <= set(answer["failures"][0])


def test_a_malformed_lab_is_checked_by_its_folder(gradus, installed, home):
    folder = home / "stable-softmax"
    shutil.copytree(content_labs() / "stable-softmax", folder)
    (folder / "lab.toml").write_text("format = \n")
    ran = gradus("lab", "check", folder)
    assert ran.status == 1
    assert f"{folder}/lab.toml:1" in ran.out


def test_labs_checked_at_a_time_say_what_they_say_one_by_one(gradus, installed, home):
    folders = [home / name for name in ("first", "second")]
    for folder, text in zip(folders, ("format = \n", "format = 2\n"), strict=True):
        shutil.copytree(content_labs() / "stable-softmax", folder)
        (folder / "lab.toml").write_text(text)
    alone = gradus("lab", "check", *folders, "--json")
    together = gradus("lab", "check", *folders, "--json", "--jobs", "2")
    assert alone.status == together.status == 1

    def told(ran):
        return sorted(each["path"] + each["message"] for each in json.loads(ran.out)["failures"])

    assert told(together) == told(alone)
    assert len(told(alone)) >= 2


def test_a_lab_that_cannot_be_looked_at_ends_the_others(gradus, monkeypatch, installed, home):
    monkeypatch.setattr("gradus.cli.examining.sys.executable", "false")
    ran = gradus("lab", "check", "stable-softmax", "stable-softmax", "--jobs", "2")
    assert ran.status not in (0, 1)
    assert "could not be looked at" in ran.err


def test_a_new_lab_says_what_is_still_to_write(gradus, home):
    (home / "labs").mkdir()
    ran = gradus("lab", "new", "power-iteration", "--curriculum", "M06", "--into", home / "labs")
    assert ran.status == 0, ran
    assert (home / "labs" / "power-iteration" / "lab.toml").is_file()
    assert "Still to write" in ran.out
    assert ran.out.rstrip().endswith(f"gradus lab check {home / 'labs' / 'power-iteration'}")


def test_lab_mutants_without_a_name_says_what_to_type(gradus, golden):
    golden("lab_mutants_nothing", gradus("lab", "mutants"))


@pytest.fixture
def soft(installed, home):
    """A lab of our own in a folder, so that nothing is written beside the content."""
    folder = home / "stable-softmax"
    shutil.copytree(content_labs() / "stable-softmax", folder)
    text = folder / "reference" / "softmax.py"
    text.write_text(text.read_text().replace("    e = ", "    x = x.copy()\n    e = "))
    return folder


def test_a_mutant_that_passes_is_shown_and_exits_1(gradus, golden, soft, monkeypatch):
    monkeypatch.setattr("gradus.cli.mutants._state", lambda folder: None)
    # On a slow machine it also says now and then how far it is.
    monkeypatch.setattr("gradus.cli.terminal.Status.show", lambda self, where, what: None)
    golden("lab_mutants", gradus("lab", "mutants", soft, "--seeds", "1", "--processes", "1"))


def test_survivors_are_printed_as_entries_that_need_a_reason(gradus, soft, monkeypatch):
    monkeypatch.setattr("gradus.cli.mutants._state", lambda folder: None)
    ran = gradus("lab", "mutants", soft, "--seeds", "1", "--list")
    entries = tomllib.loads(ran.out)["equivalent"]
    assert ("missing-copy", "x = x.copy()", "x = x", "") in [
        (each["operator"], each["line"], each["becomes"], each["reason"]) for each in entries
    ]
    assert ran.status == 1


def test_mutants_as_json_have_the_diff_and_the_nearest_claim(gradus, soft, monkeypatch):
    monkeypatch.setattr("gradus.cli.mutants._state", lambda folder: None)
    ran = gradus("lab", "mutants", soft, "--seeds", "1", "--json")
    lab = json.loads(ran.out)["labs"][0]
    assert lab["mutants"] == lab["dead"] + lab["listed"] + len(lab["alive"])
    assert {"operator", "diff", "nearest", "line", "becomes"} <= set(lab["alive"][0])
