"""The script that changes the judge's own code: which tests it runs, and what they import."""

import importlib
import sys
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
    assert script.tests_of(known, ["check/bounds.py", 4, 4], 30.0) == ["quick", "slow"]
    assert script.tests_of(known, ["check/bounds.py", 4, 4], 1.0) == ["quick"]
    assert script.tests_of(known, ["check/bounds.py", 1, 2], 30.0) == []


def test_a_line_that_only_an_import_runs_is_tried_by_the_tests_of_its_module(script):
    known = {
        "lines": {"check/bounds.py": {"one": [7], "other": [9], "": [3]}},
        "seconds": {"one": 0.2, "other": 0.1},
        "failed": [],
    }
    assert script.tests_of(known, ["check/bounds.py", 3, 3], 30.0) == ["other", "one"]


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


def test_files_that_cross_as_text_are_left_out(script):
    modules = script._modules()
    assert "judge/judging.py" in modules
    assert not [name for name in modules if "/inside/" in name or "/drivers/" in name]
