"""Every rule refuses its bad specimen, and none of them refuses the sound lab."""

from pathlib import Path

import pytest

from gradus.conformance import RULES, Depth, check_folder, rules
from gradus.conformance.rules import verdicts

SPECIMENS = Path(__file__).parent / "specimens"
READING = [rule.code for rule in RULES.values() if not rule.judges]
JUDGING = [rule.code for rule in RULES.values() if rule.judges]


def codes(folder, catalogue, pool=None, depth=Depth.QUICK):
    return {each.code for each in check_folder(folder, catalogue, pool, depth, n_seeds=3)}


def test_the_sound_lab_keeps_every_rule_at_every_depth(lab_folder, catalogue, pool):
    found = check_folder(lab_folder, catalogue, pool, Depth.THOROUGH, n_seeds=3)
    assert [str(each) for each in found] == []


def test_every_rule_has_a_bad_specimen_and_every_specimen_a_rule():
    kept = {path.name for path in SPECIMENS.iterdir() if not path.name.startswith("_")}
    assert kept == set(RULES)


@pytest.mark.parametrize("code", READING)
def test_a_rule_that_reads_refuses_its_specimen(code, spoilt, catalogue):
    assert code in codes(spoilt(code), catalogue)


@pytest.mark.parametrize("code", JUDGING)
def test_a_rule_that_judges_refuses_its_specimen(code, spoilt, catalogue, pool, monkeypatch):
    if code == "lab-cost":
        monkeypatch.setattr(verdicts, "CPU_BUDGET", 0.5)
    assert code in codes(spoilt(code), catalogue, pool, RULES[code].depth)


@pytest.mark.parametrize("code", RULES)
def test_a_rule_says_why_and_what_to_do_in_sentences(code):
    rule = RULES[code]
    assert rule.reason.endswith(".")
    assert rule.remedy.endswith(".")
    assert (rule.look.__doc__ or "").endswith(".")


def test_every_module_of_rules_declares_some():
    folder = Path(rules.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert modules == {rule.look.__module__.rsplit(".", 1)[1] for rule in RULES.values()}
