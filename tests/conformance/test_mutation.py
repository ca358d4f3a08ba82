"""Operators make what they say, and a mutant keeps its name when lines above it come or go."""

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest

from gradus.catalogue import load_lab
from gradus.conformance.mutation import mutants_of, operators_of, read_listed
from gradus.conformance.mutation.edit import Edit, changed_lines
from gradus.conformance.mutation.mutants import _changes
from gradus.conformance.mutation.python_source import PythonSource
from gradus.core.lab import LabProof

EXAMPLES = Path(__file__).parent / "operators"
"""For each operator a file: a text, then `→`, then all that the operator makes of it."""
SUFFIX = {"python": ".py", "sql": ".sql", "answers": ".toml"}


def made_by(name: str, text: str) -> list[str]:
    """Return what one operator makes of a text, whatever another makes as well."""
    operator = next(each for each in operators_of() if each.name == name)
    found = []
    for each, edit in _edits_of(operator, text):
        assert each == name
        found.append(edit.applied(text))
    return list(dict.fromkeys(found))


def _edits_of(operator, text):
    from gradus.conformance.mutation.mutants import places_of

    source, places = places_of(text, operator.language)
    for place in places:
        for edit in operator.make(source, place):
            yield operator.name, edit


@pytest.mark.parametrize("operator", operators_of(), ids=lambda each: each.name)
def test_an_operator_makes_what_its_example_shows(operator, update_golden):
    path = EXAMPLES / f"{operator.name}.txt"
    text = path.read_text(encoding="utf-8").partition("\n→\n")[0]
    made = "\n\n".join(each.strip("\n") for each in made_by(operator.name, text)) + "\n"
    if update_golden:
        path.write_text(f"{text}\n→\n{made}", encoding="utf-8")
    assert made == path.read_text(encoding="utf-8").partition("\n→\n")[2]
    assert made.strip()


def test_every_example_is_of_an_operator():
    assert {path.stem for path in EXAMPLES.iterdir()} == {each.name for each in operators_of()}


@pytest.mark.parametrize("operator", operators_of(), ids=lambda each: each.name)
def test_an_operator_says_in_a_sentence_what_it_changes(operator):
    assert re.fullmatch(r"[A-Z`].*[.…]", operator.meaning)


def test_what_is_made_is_a_program_that_says_something_else():
    text = Path(__file__).read_text(encoding="utf-8")
    before = ast.dump(ast.parse(text))
    changed = [after for _, after in _changes(text, "python")]
    assert len(changed) > 50
    assert before not in {ast.dump(ast.parse(after)) for after in changed}
    assert len(set(changed)) == len(changed)


@pytest.mark.parametrize(
    ("text", "part", "instead", "after"),
    [
        ("x = a * (b + c)", "b + c", "b", "x = a * (b)"),
        ("x = -a ** 2", "a ** 2", "a + 1", "x = -(a + 1)"),
        ("x = f(a)[i]", "f(a)", "a + b", "x = (a + b)[i]"),
        ("x = f[a * b]", "a * b", "a + b", "x = f[a + b]"),
        ("x = 'é' + y", "y", "z", "x = 'é' + z"),
    ],
)
def test_brackets_stand_where_they_are_needed(text, part, instead, after):
    source = PythonSource(text)
    node = next(each for each in ast.walk(source.tree) if _is(source, each, part))
    assert source.replaced(node, instead, loose=len(instead) > 1).applied(text) == after


def _is(source, node, part):
    return hasattr(node, "lineno") and source.of(node) == part


def test_docstrings_annotations_and_messages_are_left_alone():
    text = '"""A 1."""\n\n\ndef f(x: "t1" = None) -> "t2":\n    raise ValueError("m")\n'
    assert not [each for each, _ in _changes(text, "python") if each == "other-text"]


@pytest.mark.parametrize(
    ("before", "after", "seen"),
    [
        ("a\nb\nc", "a\nx\nc", (2, ["b"], ["x"])),
        ("a\nb\nc", "a\nc", (2, ["b"], [])),
        ("a\nb", "a\nb\nc", (3, [], ["c"])),
        ("a\na\na", "a\na", (3, ["a"], [])),
    ],
)
def test_the_lines_that_differ_are_found(before, after, seen):
    assert changed_lines(before, after) == seen


def test_an_edit_changes_its_stretch_alone():
    assert Edit(2, 4, "xyz").applied("abcdef") == "abxyzef"


def test_a_mutant_keeps_its_name_when_the_lines_above_it_move(lab_folder):
    before = {each.name for each in mutants_of(load_lab(lab_folder))}
    path = lab_folder / "reference" / "mean.py"
    path.write_text("# one more line\n\n" + path.read_text())
    assert {each.name for each in mutants_of(load_lab(lab_folder))} == before


def test_equal_lines_are_told_apart_by_their_occurrence(lab_folder):
    path = lab_folder / "reference" / "mean.py"
    path.write_text("def f(x):\n    return x + 1\n\n\ndef g(x):\n    return x + 1\n")
    names = [each.name for each in mutants_of(load_lab(lab_folder))]
    assert len(names) == len(set(names))
    assert {each.occurrence for each in names} == {1, 2}


def test_nothing_is_changed_of_a_lab_with_proofs(lab_folder):
    lab = load_lab(lab_folder)
    assert mutants_of(lab)
    assert mutants_of(replace(lab, proof=LabProof(names=("start",), core=("start",)))) == []


def test_a_diff_shows_the_lines_of_the_file(lab_folder):
    mutant = next(m for m in mutants_of(load_lab(lab_folder)) if m.name.operator == "reduction")
    assert "-    return sum(numbers) / len(numbers)\n" in mutant.diff()
    assert mutant.at == 8


ENTRY = '[[equivalent]]\noperator = "sign"\nline = "-x"\nbecomes = "x"\nreason = "{reason}"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ENTRY.format(reason=""), "without a reason"),
        (ENTRY.format(reason="it is equal"), "without a reason"),
        (ENTRY.replace("line", "lime").format(reason="x"), "'lime' is no key"),
        (ENTRY.replace("operator =", "# ").format(reason="x"), "needs a text 'operator'"),
        (ENTRY.replace('"x"', "3").format(reason="x"), "needs 'becomes'"),
        (ENTRY.format(reason="one two three four") + "occurrence = 'b'\n", "'occurrence'"),
        ("[[equal]]\nline = 'x'\n", "'equal' is no [[equivalent]]"),
        ("equivalent = [3]\n", "An entry is a table"),
    ],
)
def test_a_malformed_entry_is_told_with_its_line(lab_folder, text, said):
    (lab_folder / "equivalent.toml").write_text(text)
    listed, faults = read_listed(lab_folder / "equivalent.toml", mutants_of(load_lab(lab_folder)))
    assert listed == []
    assert said in faults[0].message
    assert faults[0].line == 1


def test_one_entry_may_list_several_changes_of_a_line(lab_folder):
    text = ENTRY.replace('"x"', '["x", "+x"]').format(reason="x is 0 wherever this is asked")
    (lab_folder / "equivalent.toml").write_text(text)
    listed, _ = read_listed(lab_folder / "equivalent.toml", mutants_of(load_lab(lab_folder)))
    assert [each.name.becomes for each in listed] == ["x", "+x"]
    assert {each.name.file for each in listed} == {"mean.py"}
