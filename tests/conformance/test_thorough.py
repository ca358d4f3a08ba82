"""The thorough depth goes on where it was broken off, and begins again after a change."""

import json

import pytest

from gradus.catalogue import load_lab
from gradus.conformance import Depth, check_lab
from gradus.conformance.thorough import in_other_bytes
from gradus.core.submission import Submission


def run(lab_folder, catalogue, pool, state, report=lambda line: None):
    lab = load_lab(lab_folder)
    return check_lab(lab, catalogue, pool, Depth.THOROUGH, n_seeds=3, state=state, report=report)


class BrokenOff(Exception):
    """Somebody pressed Ctrl-C."""


def test_a_broken_off_run_goes_on_where_it_was(lab_folder, catalogue, pool, tmp_path):
    state = tmp_path / "made" / "thorough.json"

    def until_seed_two(line):
        if "seed 2" in line:
            raise BrokenOff

    with pytest.raises(BrokenOff):
        run(lab_folder, catalogue, pool, state, until_seed_two)
    assert set(json.loads(state.read_text())["the-mean"]["seeds"]) == {"1", "2"}
    lines: list[str] = []
    assert run(lab_folder, catalogue, pool, state, lines.append) == []
    assert [line for line in lines if "seed" in line] == ["the-mean: seed 3 of 3"]


def test_what_was_seen_is_remembered(lab_folder, catalogue, pool, tmp_path, spoilt):
    state = tmp_path / "thorough.json"
    spoilt("seeds-wrong")
    first = run(lab_folder, catalogue, pool, state)
    lines: list[str] = []
    assert run(lab_folder, catalogue, pool, state, lines.append) == first
    assert "seeds-wrong" in {each.code for each in first}
    assert not [line for line in lines if "seed" in line]


def test_a_changed_variant_begins_again(lab_folder, catalogue, pool, tmp_path):
    state = tmp_path / "thorough.json"
    run(lab_folder, catalogue, pool, state)
    way = lab_folder / "right" / "by_the_library.py"
    way.write_text(way.read_text() + "\n# the same in other words\n")
    lines: list[str] = []
    run(lab_folder, catalogue, pool, state, lines.append)
    assert len([line for line in lines if "seed" in line]) == 3


@pytest.mark.parametrize(
    "left", ["", "[]", "{", '{"the-mean": {"key": "old", "seeds": {"1": []}}}']
)
def test_a_spoilt_state_file_is_begun_again(lab_folder, catalogue, pool, tmp_path, left):
    state = tmp_path / "thorough.json"
    state.write_text(left)
    assert run(lab_folder, catalogue, pool, state) == []


@pytest.mark.parametrize("name", ["a.py", "a.sql", "a.toml"])
def test_the_same_work_in_other_bytes_has_another_hash(name):
    submission = Submission({name: b"x = 1\n"})
    other = in_other_bytes(submission)
    assert other.digest != submission.digest
    assert other.files[name].startswith(b"x = 1\n")
