"""For authors: what `lab new` and `lab check` say."""

import json
import re
import shutil
import tomllib
from xml.etree import ElementTree

import pytest

from gradus.cli.badge import AMBER, GREEN, badge
from gradus.cli.faults import as_json
from gradus.core.errors import PrerequisiteError, UsageError
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


@pytest.fixture
def each_process_says(home, monkeypatch):
    """Let every process that looks at a lab say one thing and end in one way."""

    def say(said, status):
        (home / "said").write_text(said)
        stand_in = home / "stand-in"
        stand_in.write_text(f"#!/bin/sh\ncat '{home / 'said'}'\nexit {status}\n")
        stand_in.chmod(0o755)
        monkeypatch.setattr("gradus.cli.examining.sys.executable", str(stand_in))

    return say


TWICE = ("lab", "check", "stable-softmax", "stable-softmax", "--jobs", "2")


def test_a_lab_that_cannot_be_looked_at_ends_the_others(gradus, golden, each_process_says):
    each_process_says("", 9)
    golden("lab_check_process_broken", gradus(*TWICE))


def test_a_process_that_lacks_something_gives_its_command_on(gradus, golden, each_process_says):
    fault = PrerequisiteError("This lab runs in 'deep', which is not installed.", "gradus install")
    each_process_says(json.dumps(as_json(fault)), 2)
    golden("lab_check_process_lacks", gradus(*TWICE))


def test_a_fault_of_a_process_is_read_as_a_sentence(gradus, golden, each_process_says):
    each_process_says(json.dumps(as_json(UsageError("The lab has gone meanwhile."))), 2)
    golden("lab_check_process_fault", gradus(*TWICE))


def test_what_processes_write_is_said(gradus, each_process_says):
    written = ["one/feedback/starter.txt", "one/figures/fall.svg"]
    each_process_says(json.dumps({"labs": [], "failures": [], "written": written}), 0)
    ran = gradus(*TWICE, "--write-feedback", "--json")
    assert ran.err.count("wrote one/feedback/starter.txt") == 2
    assert json.loads(ran.out)["written"] == written * 2


def test_figures_are_written_into_the_folder_that_was_named(gradus, installed, home):
    folder = home / "stable-softmax"
    shutil.copytree(content_labs() / "stable-softmax", folder)
    (folder / "figures.py").write_text("def figures():\n    return {'fall.svg': '<svg/>'}\n")
    ran = gradus("lab", "check", folder, "--write-figures", "--json")
    assert json.loads(ran.out)["written"] == [str(folder / "figures" / "fall.svg")]
    (folder / "lab.toml").write_text("format = \n")
    assert gradus("lab", "check", folder, "--write-figures").status == 1


def test_a_new_lab_says_what_is_still_to_write(gradus, home):
    (home / "labs").mkdir()
    ran = gradus("lab", "new", "power-iteration", "--curriculum", "M06", "--into", home / "labs")
    assert ran.status == 0, ran
    assert (home / "labs" / "power-iteration" / "lab.toml").is_file()
    assert "Still to write" in ran.out
    assert ran.out.rstrip().endswith(f"gradus lab check {home / 'labs' / 'power-iteration'}")


def test_a_new_lab_beside_an_installed_gradus_lies_where_its_author_is(gradus, home, monkeypatch):
    shutil.copytree(content_labs().parent, home / "_content")
    for place in ("catalogue.whole", "desk.content"):
        monkeypatch.setattr(f"gradus.{place}.content_root", lambda: home / "_content")
    ran = gradus("lab", "new", "power-iteration")
    assert (home / "power-iteration" / "lab.toml").is_file()
    assert not (home / "_content" / "labs" / "power-iteration").exists()
    assert ran.out.rstrip().endswith("gradus lab check power-iteration")
    assert "1 lab:" in gradus("lab", "check", "power-iteration").out


def test_a_new_lab_that_cannot_be_written_says_so(gradus, golden, home):
    (home / "file").write_text("")
    golden("lab_new_refused", gradus("lab", "new", "my-lab", "--into", home / "file" / "labs"))


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


def test_the_kill_rate_is_written_as_a_picture(gradus, soft, home, monkeypatch):
    monkeypatch.setattr("gradus.cli.mutants._state", lambda folder: None)
    place = home / "kill-rate.svg"
    ran = gradus("lab", "mutants", soft, "--seeds", "1", "--badge", place)
    told = re.search(r"(\d+) of (\d+) mutants dead.*kill rate (.*)", ran.out)
    picture = ElementTree.parse(place).getroot()
    title = picture.find("{http://www.w3.org/2000/svg}title")
    assert title.text == f"kill rate: {told[3]} of {told[2]} mutants"
    assert AMBER in place.read_text(encoding="utf-8"), "what is alive is not to look good"


def test_a_picture_that_cannot_be_written_says_so(gradus, golden, soft, home, monkeypatch):
    monkeypatch.setattr("gradus.cli.mutants._state", lambda folder: None)
    monkeypatch.setattr("gradus.cli.terminal.Status.show", lambda self, where, what: None)
    place = home / "nowhere" / "kill-rate.svg"
    golden("lab_mutants_badge", gradus("lab", "mutants", soft, "--seeds", "1", "--badge", place))


def test_words_of_a_picture_are_no_marks():
    picture = ElementTree.fromstring(badge("a < b & c", "100 %", good=True))
    assert [each.text for each in picture.iter() if each.text and each.text.strip()] == [
        *("a < b & c: 100 %", "a < b & c", "100 %")
    ]
    assert GREEN in badge("rate", "100 %", good=True)
