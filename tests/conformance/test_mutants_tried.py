"""Mutants that are noticed are dead, those that pass are shown, and a broken-off run goes on."""

import json
from dataclasses import replace

import pytest

from gradus.catalogue import load_lab
from gradus.conformance import Depth, check_lab
from gradus.conformance.mutation import Plan, as_text, examine, mutants_of
from gradus.conformance.mutation.outcome import Fate, Outcome
from gradus.conformance.mutation.probe import probe
from gradus.conformance.mutation.running import try_mutants
from gradus.conformance.mutation.trial import _without_script


class BrokenOff(Exception):
    """Somebody pressed Ctrl-C."""


def reference(lab_folder, body):
    text = f'"""The mean."""\n\n\ndef mean(numbers):\n{body}'
    (lab_folder / "reference" / "mean.py").write_text(text)


UNSEEN = """\
    if len(numbers) > 1_000_000:
        numbers = numbers[:10]
    if not numbers:
        raise ValueError
    return sum(numbers) / len(numbers)
"""


def test_every_mutant_of_the_sound_lab_is_dead(lab_folder, pool):
    seen = examine(lab_folder, pool, Plan(n_seeds=2))
    assert seen.kill_rate == 1.0
    assert seen.n_mutants == len(seen.dead) > 5


def test_what_no_claim_uses_lives_and_is_shown_as_a_diff(lab_folder, pool, golden):
    reference(lab_folder, UNSEEN)
    seen = examine(lab_folder, pool, Plan(n_seeds=2))
    assert {mutant.at for mutant, _ in seen.alive} == {5, 6}
    assert 0 < seen.kill_rate < 1
    golden("mutants_alive", as_text(seen))


def test_a_listed_mutant_is_excused_and_a_dead_one_is_not(lab_folder, pool):
    reference(lab_folder, UNSEEN)
    entry = (
        '[[equivalent]]\noperator = "removed-branch"\nline = "{}"\nbecomes = "if False:"\n'
        'reason = "Nobody hands in lists as long as this."\n'
    )
    text = entry.format("if len(numbers) > 1_000_000:") + entry.format("if not numbers:")
    (lab_folder / "equivalent.toml").write_text(text)
    seen = examine(lab_folder, pool, Plan(n_seeds=2))
    assert [mutant.at for mutant, _ in seen.listed] == [5]
    assert [each.name.line for each in seen.excused_in_vain] == ["if not numbers:"]
    assert "this mutant is dead" in as_text(seen)


def test_an_endless_loop_is_dead(lab_folder, pool):
    body = """\
    if not numbers:
        raise ValueError
    total, place = 0, 0
    while place < len(numbers):
        total += numbers[place]
        place += 1
    return total / len(numbers)
"""
    reference(lab_folder, body)
    seen = examine(lab_folder, pool, Plan(n_seeds=1))
    ended = {mutant.name.becomes: outcome for mutant, outcome in seen.dead}
    assert "while place <= len(numbers):" in ended
    assert "processor time" in ended["pass"].why


def test_a_check_that_breaks_on_a_mutant_has_not_killed_it(lab_folder, pool):
    check = lab_folder / "check.py"
    text = check.read_text().replace(
        "    mean(numbers).must_be_close_to(definition(numbers))",
        "    answer = mean(numbers).as_value()\n    [0][int(answer != definition(numbers))]",
    )
    check.write_text(text)
    seen = examine(lab_folder, pool, Plan(n_seeds=1))
    assert {outcome.fate for _, outcome in seen.alive} == {Fate.UNJUDGED}


def test_a_broken_off_run_goes_on_where_it_was(lab_folder, pool, tmp_path):
    state = tmp_path / "made" / "mutants.json"

    def until_the_third(line):
        if "mutant 3" in line:
            raise BrokenOff

    with pytest.raises(BrokenOff):
        try_mutants(load_lab(lab_folder), pool, Plan(1, state=state, report=until_the_third))
    assert len(json.loads(state.read_text())) == 3
    lines: list[str] = []
    tried = try_mutants(load_lab(lab_folder), pool, Plan(1, state=state, report=lines.append))
    assert lines[0] == f"the-mean: mutant 4 of {len(tried)}"
    assert len(lines) == len(tried) - 3


def test_a_survivor_of_fewer_seeds_is_tried_again(lab_folder, pool, tmp_path):
    reference(lab_folder, UNSEEN)
    state = tmp_path / "mutants.json"
    first = examine(lab_folder, pool, Plan(1, state=state))
    lines: list[str] = []
    examine(lab_folder, pool, Plan(2, state=state, report=lines.append))
    assert len(lines) == len(first.alive)


@pytest.mark.parametrize("left", ["", "[]", "{", '{"a": {}}', '{"a": 3}'])
def test_a_spoilt_state_file_is_begun_again(lab_folder, pool, tmp_path, left):
    state = tmp_path / "mutants.json"
    state.write_text(left)
    assert examine(lab_folder, pool, Plan(1, state=state)).kill_rate == 1.0


def test_many_processes_say_what_one_says(lab_folder, pool, monkeypatch):
    monkeypatch.setattr("gradus.conformance.mutation.running.WORTH_ANOTHER", 2)
    many = try_mutants(load_lab(lab_folder), pool, Plan(1, n_processes=2))
    one = try_mutants(load_lab(lab_folder), pool, Plan(1, n_processes=1))
    assert [(m.name, o.fate) for m, o in many] == [(m.name, o.fate) for m, o in one]


def test_a_process_that_breaks_is_not_passed_over(lab_folder, pool, monkeypatch):
    monkeypatch.setattr("gradus.conformance.mutation.running.WORTH_ANOTHER", 2)

    def broken(*_):
        raise OSError("no more room")

    monkeypatch.setattr("gradus.conformance.mutation.running.Trials", broken)
    with pytest.raises(RuntimeError, match="no more room"):
        try_mutants(load_lab(lab_folder), pool, Plan(1, n_processes=2))


def test_the_thorough_depth_keeps_mutants_beside_its_seeds(lab_folder, catalogue, pool, tmp_path):
    state = tmp_path / "the-mean.json"
    lab = load_lab(lab_folder)
    assert check_lab(lab, catalogue, pool, Depth.THOROUGH, n_seeds=1, state=state) == []
    assert (tmp_path / "the-mean.mutants.json").is_file()


def test_a_probe_breaks_the_statement_that_was_changed(lab_folder):
    reference(lab_folder, UNSEEN)
    made = mutants_of(load_lab(lab_folder))
    slice_end = next(each for each in made if each.name.operator == "slice-end")
    assert 'raise RuntimeError("this line is never used")\n    if not' in probe(slice_end)
    condition = next(each for each in made if each.at == 7)
    assert "ValueError" not in probe(condition)


def test_a_script_that_builds_nothing_is_dead(lab_folder):
    mutant = mutants_of(load_lab(lab_folder))[0]
    script = replace(mutant, name=replace(mutant.name, file="build.py"))
    broken = Outcome(Fate.UNJUDGED, "build.py: raised KeyError: 'epochs_'", 1)
    assert _without_script(script, broken).fate is Fate.DEAD
    assert _without_script(mutant, broken).fate is Fate.UNJUDGED
    of_the_check = Outcome(Fate.UNJUDGED, "claim f: IndexError: list index out of range", 1)
    assert _without_script(script, of_the_check).fate is Fate.UNJUDGED


def test_what_could_not_be_judged_is_tried_again(lab_folder, pool, tmp_path):
    state = tmp_path / "mutants.json"
    lab, lines = load_lab(lab_folder), []
    tried = try_mutants(lab, pool, Plan(1, state=state))
    kept = {
        key: {**each, "fate": "unjudged"} for key, each in json.loads(state.read_text()).items()
    }
    state.write_text(json.dumps(kept))
    assert try_mutants(lab, pool, Plan(1, state=state, report=lines.append)) == tried
    assert len(lines) == len(tried)
