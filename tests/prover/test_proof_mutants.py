"""Mutants of a lab with proofs: what is trained anew, and who notices what."""

import dataclasses
import json
import shutil
import sys
from pathlib import Path

import pytest
from benchmarks.proof_mutants import (
    ALIVE,
    DEAD,
    UNCLEAR,
    Fate,
    drawn,
    fate,
    is_open,
    mutants,
    read_kept,
    report,
    train_anew,
)

from gradus.catalogue import load_catalogue
from gradus.judge import Pool
from gradus.sandbox import Runtime

from ..proof_lab import DECLARED, lay_proof_lab

CONTENT = Path(__file__).parents[1] / "cli" / "content"
SERVICES = Path(__file__).parent / "services"
OWN = """
[project]
train = "{python} train.py"
record = "models/v1/record.json"
"""
TRAIN = """\
import json
from pathlib import Path

folder = Path("models/v2")
folder.mkdir()
record = {"version": "v2", "metrics": {"auc": 0.75, "baseline_auc": 0.5}, "code": {"train.py": ""}}
(folder / "record.json").write_text(json.dumps(record))
print("v2")
"""
SERVE = """\
import os
import sys

PAUSE = 3
if PAUSE > 9:
    sys.exit(1)
os.execv(sys.executable, [sys.executable, {service!r}, sys.argv[1]])
"""


@pytest.fixture
def lab(tmp_path):
    """A lab whose reference trains, serves, and is asked for nothing but to start."""
    root = Path(shutil.copytree(CONTENT, tmp_path / "content"))
    reference = lay_proof_lab(root) / "reference"
    (reference / "models" / "v1").mkdir(parents=True)
    (reference / "tests").mkdir()
    start = json.dumps([sys.executable, "serve.py", "{port}"])
    declared = DECLARED.format(start=start, offline='["true"]') + OWN
    record = {
        "version": "v1",
        "metrics": {"auc": 0.66, "baseline_auc": 0.5},
        "code": {"train.py": ""},
    }
    for name, text in (
        ("gradus.toml", declared.replace("{python}", sys.executable)),
        ("README.md", "`make start`; the AUC of v1 is 0.660.\n"),
        ("models/v1/record.json", json.dumps(record)),
        ("train.py", TRAIN),
        ("serve.py", SERVE.format(service=str(SERVICES / "plain.py"))),
        ("tests/test_it.py", "def test_it():\n    assert 1 + 1 == 2\n"),
    ):
        (reference / name).write_text(text)
    whole = load_catalogue(root).lab("X07")
    return dataclasses.replace(whole, proof=dataclasses.replace(whole.proof, names=("start",)))


@pytest.fixture
def pool():
    with Pool(lambda name, imports: Runtime(Path(sys.executable), imports, name)) as pool:
        yield pool


def test_a_changed_training_makes_a_new_version(lab):
    folder = lab.folder / "reference"
    assert train_anew(folder, {}) == ""
    assert not (folder / "models" / "v1").exists()
    assert 'record = "models/v2/record.json"' in (folder / "gradus.toml").read_text()
    assert "the AUC of v2 is 0.750" in (folder / "README.md").read_text()


def test_a_training_that_fails_or_leaves_no_record_says_why(lab):
    folder = lab.folder / "reference"
    (folder / "train.py").write_text("print('v3')")
    assert train_anew(folder, {}).startswith("no record of v3: FileNotFoundError")


def test_a_training_that_raises_says_what(lab):
    folder = lab.folder / "reference"
    (folder / "train.py").write_text("raise SystemExit('no rows')")
    assert train_anew(folder, {}) == "no rows"


@pytest.mark.skipif(sys.platform != "linux", reason="services are watched in /proc")
def test_mutants_die_by_training_by_proof_or_not_at_all(lab, pool):
    found = mutants(lab)
    assert {each.name.file for each in found} == {"serve.py", "train.py"}

    changes = ("PAUSE = 4", "if PAUSE < 9:", "pass")
    tried = {each.name.becomes: each for each in found if each.name.becomes in changes}
    fates = {name: fate(lab, each, pool, {}) for name, each in tried.items()}
    assert fates["PAUSE = 4"] == Fate(ALIVE)
    assert (fates["if PAUSE < 9:"].fate, fates["if PAUSE < 9:"].by) == (DEAD, "start")
    assert fates["pass"] == Fate(DEAD, "training", "it prints no version")
    text = report(found, {tried[name].submission.digest: one for name, one in fates.items()})
    assert "Alive: 1 of 3" in text
    assert "serve.py:4: off-by-one: alive" in text
    assert "+PAUSE = 4" in text


@pytest.mark.skipif(sys.platform != "linux", reason="services are watched in /proc")
def test_a_project_that_the_check_refuses_meets_no_proof(lab, pool):
    (lab.folder / "reference" / "README.md").write_text("Nothing.\n")
    serves = next(each for each in mutants(lab) if "PAUSE = 4" in each.after)
    assert (fate(lab, serves, pool, {}).by, fate(lab, serves, pool, {}).fate) == ("check", DEAD)


def test_the_order_is_drawn_and_a_run_goes_on(lab, tmp_path):
    found = mutants(lab)
    assert drawn(found, 1) == drawn(found, 1) != drawn(found, 2)
    assert sorted(map(id, drawn(found, 1))) == sorted(map(id, found))
    place = tmp_path / "kept.jsonl"
    lines = [{"version": "a", "mutant": "m", "fate": DEAD, "by": "start", "why": ""}]
    lines.append({**lines[0], "version": "b", "mutant": "n"})
    place.write_text("".join(json.dumps(each) + "\n" for each in lines) + '{"version": "a", "mut')
    assert read_kept(place, "a") == {"m": Fate(DEAD, "start")}


def test_what_a_run_said_nothing_of_is_tried_once_more(lab):
    first, second, third = mutants(lab)[:3]
    kept = {first.submission.digest: Fate(DEAD), second.submission.digest: Fate(UNCLEAR)}
    assert [is_open(each, kept) for each in (first, second, third)] == [False, True, True]
