"""The script that changes the judge's own code: which tests it runs, and what they import."""

import importlib
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    return importlib.import_module("mutants_of_judge")


def test_only_tests_that_run_a_line_and_pass_are_run_the_quickest_first(script):
    lines = {
        "check/bounds.py": {"slow": [3, 4], "quick": [4], "red": [4], "elsewhere": [9], "": [4]}
    }
    known = {
        "lines": lines,
        "seconds": {"slow": 2.0, "quick": 0.1, "red": 0.1, "elsewhere": 0.0},
        "failed": ["red"],
    }
    assert script.tests_of(known, ["check/bounds.py", 4, 4, "", "x"], 30.0) == ["quick", "slow"]
    assert script.tests_of(known, ["check/bounds.py", 4, 4, "", "x"], 1.0) == ["quick"]
    assert script.tests_of(known, ["check/bounds.py", 1, 2, "", "x"], 30.0) == []


def test_two_runs_at_once_lose_nothing_of_each_other(script, monkeypatch, tmp_path):
    monkeypatch.setattr(script, "STATE", tmp_path)
    one, other = script.Kept(), script.Kept()
    one.keep("a", "dead")
    other.keep("b", "alive")
    one.keep("c", "dead")
    assert script.Kept().known == {"a": "dead", "b": "alive", "c": "dead"}


def test_each_test_is_traced_also_after_one_that_took_the_tracer_away(script):
    tracer, before = script.Tracer(), sys.gettrace()
    try:
        sys.settrace(None)
        tracer.pytest_runtest_logstart("deep", None)
        assert sys.gettrace() is tracer
    finally:
        sys.settrace(before)


def test_a_line_that_only_an_import_runs_is_tried_by_the_tests_of_its_module(script):
    known = {
        "lines": {"check/bounds.py": {"one": [7], "other": [9], "": [3]}},
        "seconds": {"one": 0.2, "other": 0.1},
        "failed": [],
    }
    assert script.tests_of(known, ["check/bounds.py", 3, 3, "", "x"], 30.0) == ["other", "one"]


def test_a_module_of_which_no_test_runs_a_line_is_tried_by_all_tests_that_are_named(script):
    known = {
        "lines": {"sandbox/probes.py": {"": [3]}, "check/bounds.py": {"one": [3]}},
        "seconds": {"one": 0.2, "other": 0.1, "red": 0.1},
        "failed": ["red"],
    }
    assert script.tests_of(known, ["sandbox/probes.py", 3, 3, "", "x"], 30.0) == ["other", "one"]
    assert script.tests_of(known, ["sandbox/probes.py", 9, 9, "", "x"], 30.0) == []
    assert script.only_imports_run(known, ["sandbox/probes.py", 3, 3, "", "x"])
    assert not script.only_imports_run(known, ["check/bounds.py", 3, 3, "", "x"])


def test_a_text_on_several_lines_is_tried_by_the_tests_of_its_first(script):
    known = {
        "lines": {"check/bounds.py": {"one": [3], "other": [9], "": [1]}},
        "seconds": {},
        "failed": [],
    }
    assert script.tests_of(known, ["check/bounds.py", 5, 5, "", 'f"text"'], 30.0) == ["one"]
    assert script.tests_of(known, ["check/bounds.py", 5, 5, "", "return 1"], 30.0) == []


def test_the_code_of_a_function_is_exchanged_where_it_is(script):
    module = importlib.import_module("gradus.check.bounds")
    path = ROOT / "src" / "gradus" / "check" / "bounds.py"
    text = path.read_text(encoding="utf-8").replace("if n < 2:", "if n < 3:")
    ((function, code),) = script.exchanged(module, path, text)
    assert function is module.mean_bound
    assert code != function.__code__


def test_a_change_outside_of_functions_is_not_exchanged(script):
    module = importlib.import_module("gradus.check.compare")
    path = ROOT / "src" / "gradus" / "check" / "compare.py"
    text = path.read_text(encoding="utf-8")
    assert script.exchanged(module, path, text) == []
    with pytest.raises(script.NotWithinFunctions):
        script.exchanged(module, path, text.replace("_FEW = 24", "_FEW = 48"))


def test_one_module_is_imported_from_the_mutants_text(script, monkeypatch):
    name = "gradus.check.bounds"
    path = ROOT / "src" / "gradus" / "check" / "bounds.py"
    text = path.read_text(encoding="utf-8") + "\nMUTATED = True\n"
    monkeypatch.setattr(sys, "meta_path", [script.Replaced(name, path, text), *sys.meta_path])
    monkeypatch.delitem(sys.modules, name)
    assert importlib.import_module(name).MUTATED
    monkeypatch.undo()
    assert not hasattr(importlib.import_module(name), "MUTATED")


TRIES = """
import json, sys
import numpy, pytest

sys.path[:0] = {paths}
import mutants_of_judge as script

script.WALL_SECONDS = 10
known = (script.SOURCE / "check/bounds.py").read_text()
there, gone, sharing = {there!r}, {gone!r}, {sharing!r}
wrong = known.replace("if n < 2:", "if n < 2000:")
assert wrong != known
tries = {{
    "alive": (known, [there], 60),
    "dead": (wrong, [there], 60),
    "breaks at import": ("1 / 0", [there], 60),
    "is not Python": ("def", [there], 60),
    "breaks what tests share": ("1 / 0", [sharing], 60),
    "hangs at import": ("while True:\\n    pass", [there], 1),
    "test gone": (known, [there, gone], 60),
    "file gone": (known, [there.replace("test_own", "test_gone")], 60),
}}
answers = {{}}
for name, (text, tests, seconds) in tries.items():
    mutant = ["check/bounds.py", 1, 1, "", "", "", 1, text]
    ((_, answers[name]),) = script.tried_anew([(0, mutant, tests, seconds)], 2)
print(json.dumps(answers))
"""
OWN = """
import numpy as np
from gradus.check.bounds import mean_bound


def test_three_are_enough():
    assert mean_bound(np.asarray([1.0, 2.0, 3.0]), 0.95) > 0
"""


def test_only_a_test_that_fails_or_code_that_does_not_load_kills_a_mutant(tmp_path):
    """A mutant whose tests are not there has no verdict: nothing looked at it."""
    (tmp_path / "test_own.py").write_text(OWN)
    there = f"{tmp_path / 'test_own.py'}::test_three_are_enough"
    (tmp_path / "sharing").mkdir()
    (tmp_path / "sharing" / "conftest.py").write_text("import gradus.check.bounds\n")
    (tmp_path / "sharing" / "test_shared.py").write_text("def test_nothing():\n    pass\n")
    words = {
        "paths": [str(ROOT / "scripts"), str(ROOT / "src")],
        "there": there,
        "gone": there + "_no_more",
        "sharing": str(tmp_path / "sharing" / "test_shared.py"),
    }
    ran = subprocess.run(
        [sys.executable, "-c", TRIES.format(**words)],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={
            **os.environ,
            "TMPDIR": str(tmp_path),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTEST_PLUGINS": "pytest_timeout",
        },
    )
    answers = json.loads(ran.stdout or "{}")
    assert answers.pop("test gone").startswith("unclear: "), ran.stderr
    assert answers.pop("file gone").startswith("unclear: ")
    assert answers == {
        "alive": "alive",
        "dead": "dead",
        "breaks at import": "dead",
        "breaks what tests share": "dead",
        "is not Python": "dead",
        "hangs at import": "dead",
    }


def test_what_the_tests_of_a_file_rest_on_is_watched(script):
    around = set(script._around(ROOT / "tests" / "judge" / "test_bad_input.py"))
    judge = ROOT / "tests" / "judge"
    assert {judge / "conftest.py", judge / "golden" / "syntax_error.txt"} <= around
    assert {ROOT / "tests" / "conftest.py", ROOT / "pyproject.toml"} <= around
    assert ROOT / "tests" / "labs" / "labs" / "stable-softmax" / "check.py" in around
    assert not [each for each in around if each.name.startswith("test_")]


def test_a_file_of_tests_that_is_not_there_is_said(script):
    for path in ("tests/check/test_nothing.py", "tests/labs"):
        with pytest.raises(SystemExit, match="holds no tests"):
            script._test_files([path])


def test_a_test_that_is_not_collected_any_more_is_said(script, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "test_own.py").write_text("def test_one():\n    pass\n")
    mutant = ["check/bounds.py", 1, 1, "", "", "", 1, ""]
    work = [(0, mutant, ["test_own.py::test_two"], 3.0)]
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # there they leave what they made
    with pytest.raises(SystemExit, match="test_two"):
        list(script._told(work, 1))
    (tmp_path / "test_own.py").unlink()
    with pytest.raises(SystemExit, match="ended early"):
        list(script._told(work, 1))


def test_files_that_cross_as_text_are_left_out(script):
    modules = script._modules()
    assert "judge/judging.py" in modules
    assert not [name for name in modules if "/inside/" in name or "/drivers/" in name]


def test_what_is_listed_as_equal_stands_in_the_code_and_says_why(script):
    entries = tomllib.loads(script.LISTED.read_text(encoding="utf-8"))["equivalent"]
    wrong = [
        f"{each['file']}: {each['line']}"
        for each in entries
        if not each["reason"].strip()
        or " ".join(each["line"].split()) not in flat(ROOT / "src" / "gradus" / each["file"])
    ]
    assert wrong == []


@cache
def flat(path: Path) -> str:
    """Return a source as one line, as a listed line may run over several."""
    return " ".join(path.read_text(encoding="utf-8").split())
