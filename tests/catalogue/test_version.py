"""The version changes with what judges, and with nothing else."""

import pytest

from gradus.catalogue import load_lab

LAB = "labs/a-lab/lab.toml"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("labs/a-lab/check.py", '"""Judges otherwise."""\n'),
        ("labs/a-lab/reader.py", ""),
        ("labs/a-lab/make_case.py", ""),
        ("environments/base.lock", "numpy==2.1\n"),
    ],
)
def test_a_changed_judging_file_changes_the_version(tree, path, text):
    before = load_lab(tree.lab).version
    tree.write(path, text)
    assert load_lab(tree.lab).version != before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('["work"]', '["job"]'),
        ('imports = ["numpy"]', "imports = []"),
        ("rows = 100", "rows = 101"),
        ('"behaviour"', '"pattern"'),
        ("[sizes]", "[limits]\nseconds = 1\n[sizes]"),
        ("[entry]", 'simulators = ["weather"]\n[entry]'),
    ],
)
def test_a_changed_judging_field_changes_the_version(tree, old, new):
    before = load_lab(tree.lab).version
    tree.replace(LAB, old, new)
    assert load_lab(tree.lab).version != before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('title = "A lab"', 'title = "Another title"'),
        ("minutes = 30", "minutes = 31"),
        ('skills = ["count"]', 'skills = ["add"]'),
        ("rows = 10\n", "rows = 11\n"),
    ],
)
def test_other_fields_leave_the_version_as_it_was(tree, old, new):
    before = load_lab(tree.lab).version
    tree.replace(LAB, old, new)
    assert load_lab(tree.lab).version == before


def test_a_mended_lesson_and_another_checkout_leave_the_version_as_it_was(tree):
    before = load_lab(tree.lab).version
    tree.write("labs/a-lab/lesson.md", "# A lesson\n")
    (tree.lab / "check.py").write_bytes(b'"""Judges."""\r\n')
    moved = tree.root.rename(tree.root.with_name("elsewhere"))
    assert load_lab(moved / "labs" / "a-lab").version == before


def test_a_simulator_that_is_used_is_part_of_the_version(tree):
    tree.replace(LAB, "[entry]", 'simulators = ["weather"]\n[entry]')
    before = load_lab(tree.lab).version
    tree.write("simulators/weather.py", '"""Other weather."""\n')
    assert load_lab(tree.lab).version != before


PROOF = """
[proof]
names = ["start"]
[proof.promises]
rate = 10
[proof.catches]
start = ["deaf"]
"""


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ('names = ["start"]', 'names = ["start", "garbage"]', True),
        ("rate = 10", "rate = 20", True),
        ("[proof.promises]", "n_rows = 9\n[proof.promises]", True),
        ('["deaf"]', '["dumb"]', False),
        ("[proof.promises]", 'core = ["start"]\n[proof.promises]', False),
    ],
)
def test_what_a_proof_asks_is_part_of_the_version_and_what_tries_it_is_not(tree, old, new, changes):
    tree.replace(LAB, 'kind = "function"\npath = "work.py"\n', 'kind = "folder"\npath = "."\n')
    tree.write(LAB, (tree.lab / "lab.toml").read_text() + PROOF)
    tree.write("labs/a-lab/rows.py", '"""Rows."""\n')
    before = load_lab(tree.lab).version
    tree.replace(LAB, old, new)
    assert (load_lab(tree.lab).version != before) is changes
    tree.write("labs/a-lab/rows.py", '"""Other rows."""\n')
    assert load_lab(tree.lab).version != before
