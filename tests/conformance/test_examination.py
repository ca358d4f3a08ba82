"""What an author reads, and what is written on request."""

from gradus.catalogue import load_lab
from gradus.conformance import (
    as_json,
    as_text,
    check_folder,
    check_lab,
    check_map,
    write_feedback,
    write_figures,
)


def test_a_malformed_lab_file_is_a_failure_with_its_line(spoilt, catalogue):
    folder = spoilt("lab-file")
    (failure,) = check_folder(folder, catalogue, None)
    assert (failure.code, failure.lab, failure.line) == ("lab-file", "the-mean", 7)
    assert failure.message == "'minutes' has to be a whole number, not str. (wrong-type)"


def test_failures_are_told_by_rule_with_reason_and_remedy(spoilt, catalogue):
    folder = spoilt("hint-rungs")
    failures = check_folder(folder, catalogue, None)
    assert as_text(failures, base=folder.parent) == (
        "the-mean/hints.md:1: The hints are not three rungs with text below each. "
        "Write '## 1', '## 2' and '## 3', each followed by its hint.\n"
        "  hint-rungs: Hints come one at a time: where to look, the idea, nearly the line.\n"
        "  Write '## 1', '## 2' and '## 3', each followed by its hint.\n"
        "\n"
        "1 lab: 1 thing to mend, of 1 rule.\n"
    )
    assert as_json(failures)[0]["code"] == "hint-rungs"


def test_no_failures_are_told_in_one_line():
    assert as_text([], 18) == "18 labs: every rule holds.\n"


def test_a_malformed_map_is_a_failure_of_its_own(content):
    (content / "tools.toml").write_text("[tools.python]\n")
    assert {each.path.name for each in check_map(content)} == {"tools.toml"}


def test_a_malformed_track_is_a_failure_of_the_map(content):
    (content / "tracks").mkdir()
    stage = '[[stages]]\nid = "one"\ntitle = "One"\nitems = ["NONE"]\n'
    (content / "tracks" / "odd.toml").write_text(f'format = 1\ntitle = "T"\nabout = "A."\n{stage}')
    (failure,) = check_map(content)
    assert (failure.path.name, failure.line) == ("odd.toml", 7)
    assert failure.message.startswith("There is no curriculum id 'NONE'.")
    assert failure.reason == "Labs, pages and plans rest on what the map and the tracks declare."


def test_feedback_and_figures_are_written_on_request(lab_folder, catalogue, pool):
    lab = load_lab(lab_folder)
    (lab_folder / "feedback" / "starter.txt").write_text("old\n")
    (lab_folder / "feedback" / "gone.txt").write_text("of a variant that is gone\n")
    (lab_folder / "figures" / "balance.svg").unlink()
    changed = {path.name for path in write_feedback(lab, catalogue, pool)}
    assert changed == {"starter.txt", "gone.txt"}
    assert not (lab_folder / "feedback" / "gone.txt").exists()
    assert [path.name for path in write_figures(lab, catalogue)] == ["balance.svg"]
    assert check_lab(lab, catalogue, pool) == []


def test_nothing_is_judged_without_a_pool(spoilt, catalogue):
    assert check_folder(spoilt("reference-passes"), catalogue, None) == []


def test_every_step_is_reported(lab_folder, catalogue, pool):
    lines: list[str] = []
    check_lab(load_lab(lab_folder), catalogue, pool, report=lines.append)
    assert lines[0] == "the-mean: starter (1)"
    assert len(lines) == 8
