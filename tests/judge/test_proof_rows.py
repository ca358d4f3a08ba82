"""What `rows.py` may give, and what is said of anything else."""

import dataclasses

import pytest

from gradus.core.errors import ContentError
from gradus.core.lab import Entry, EntryKind, Lab, LabProof, Limits, Profile
from gradus.core.service import Labels, Measure, Quoted
from gradus.judge.proof_rows import draw_rows, quoted_rows

GOOD = """\
import random


def rows(seed, n):
    rng = random.Random(seed)
    return [{"km": rng.random(), "night": rng.random() < 0.5} for _ in range(n)]


def labelled(seed, n):
    return [{**row, "late": 1, "usual": 0.5} for row in rows(seed + 1, n)]
"""


@pytest.fixture
def lab(tmp_path) -> Lab:
    folder = tmp_path / "content" / "labs" / "parcels"
    folder.mkdir(parents=True)
    labels = Labels("", "late", Measure.BRIER, "usual", ("night",))
    return Lab(
        **dict.fromkeys(("id", "title", "curriculum_id", "layer"), "parcels"),
        entry=Entry(EntryKind.FOLDER, "."),
        skills=(),
        needs=(),
        minutes=1,
        environment="base",
        imports=(),
        profile=Profile.COMPUTE,
        limits=Limits(),
        folder=folder,
        version="",
        proof=LabProof(("baseline",), n_rows=3, n_labelled=4, labels=labels),
    )


def drawn(lab: Lab, source: str, seed: int = 1):
    (lab.folder / "rows.py").write_text(source)
    return draw_rows(lab, seed)


def test_rows_are_drawn_from_the_seed(lab):
    first, again, other = drawn(lab, GOOD), drawn(lab, GOOD), drawn(lab, GOOD, 2)
    assert first == again != other
    assert (len(first.sent), len(first.labelled)) == (3, 4)
    assert first.labelled[0]["late"] == 1


def test_without_labels_nothing_labelled_is_asked_for(lab):
    proof = dataclasses.replace(lab.proof, labels=None)
    assert drawn(dataclasses.replace(lab, proof=proof), GOOD).labelled == ()


def test_one_row_is_enough_and_a_simple_rule_is_not_needed(lab):
    labels = dataclasses.replace(lab.proof.labels, baseline="")
    proof = dataclasses.replace(lab.proof, n_rows=1, n_labelled=1, labels=labels)
    rows = drawn(dataclasses.replace(lab, proof=proof), GOOD.replace(', "usual": 0.5', ""))
    assert (len(rows.sent), len(rows.labelled)) == (1, 1)


def test_a_row_may_be_any_mapping(lab):
    source = GOOD.replace('{"km"', 'types.MappingProxyType({"km"').replace("< 0.5}", "< 0.5})")
    assert drawn(lab, f"import types\n{source}") == drawn(lab, GOOD)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("def rows(", "def row(", "no function 'rows(seed, n)'"),
        ("def rows(", "rows = 3\n\n\ndef row(", "no function 'rows(seed, n)'"),
        ("range(n)", "range(n - 1)", "rows(1, 3) gives 2, not 3 rows"),
        ("for _ in range(n)]", "for _ in range(n)].__iter__()", "gives no list, not 3 rows"),
        ("for _ in range(n)]", "for _ in range(n)] and [3] * n", "row 0 that is no dict"),
        ("random.Random(seed)", "seed / 0", "raises ZeroDivisionError"),
        ('"km": rng.random()', '"km": float("nan")', "no JSON"),
        ('"km": rng.random()', '"km": {1}', "no JSON"),
        ('"km"', 'f"km{_}"', "row 1 that is no dict with the fields of the first"),
        ('"km"', '"late"', "'late' stands in the rows that are sent"),
        ('"km"', '"usual"', "'usual' stands in the rows that are sent"),
        ('"usual"', '"common"', "no 'usual'"),
        ("**row, ", "", "no 'km'"),
    ],
)
def test_other_rows_are_refused_with_a_sentence(lab, old, new, says):
    assert old in GOOD
    with pytest.raises(ContentError) as caught:
        drawn(lab, GOOD.replace(old, new))
    assert says in str(caught.value)
    assert caught.value.path == lab.folder / "rows.py"


def test_the_sentence_names_the_file_and_where_to_read_on(lab):
    with pytest.raises(ContentError) as caught:
        drawn(lab, "")
    assert str(caught.value) == (
        f"{lab.folder / 'rows.py'}: bad-rows: It defines no function 'rows(seed, n)'. "
        "See 'Proofs' in docs/authors."
    )


QUOTES = """\
def quoted(files):
    if b"nothing" in files["record.json"]:
        raise ValueError("no record")
    return [{"km": 3.5, "night": True}, {"km": 1.0, "night": None}], [1, 0.25]
"""
RECORD = {"record.json": b"{}"}


def quoted(lab: Lab, source: str, files=RECORD):
    (lab.folder / "rows.py").write_text(source)
    return quoted_rows(lab, files, {"km": 1.0, "night": False})


def test_what_a_project_says_of_known_rows_is_quoted(lab):
    found = quoted(lab, QUOTES)
    rows = ({"km": 3.5, "night": True}, {"km": 1.0, "night": None})
    assert found == Quoted(rows, (1.0, 0.25), "")
    assert all(type(each) is float for each in found.predictions)


def test_a_lab_need_not_quote(lab):
    assert quoted(lab, GOOD) is None


def test_a_project_that_says_nothing_is_at_fault_itself(lab):
    assert quoted(lab, QUOTES, {"record.json": b"nothing"}) == Quoted(fault="no record")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[1, 0.25]", "[1]", "quoted(files) gives 2, not 1 rows"),
        ("[1, 0.25]", '[1, "much"]', "no pair of rows and numbers"),
        ("[1, 0.25]", "[1, None]", "no pair of rows and numbers"),
        (", [1, 0.25]", "", "no pair of rows and numbers"),
        (", [1, 0.25]", ", [1, 0.25], 3", "no pair of rows and numbers"),
        ('files["record.json"]', 'files["lost"]', "quoted(files) raises KeyError: 'lost'"),
        ('{"km": 1.0, "night": None}', "3", "row 1 that is no dict"),
        ('"km": 3.5, "night": True', '"km": 3.5, "day": True', "a row 1"),
        ('"km"', '"miles"', "no rows with the fields that are sent"),
        ("3.5", 'float("nan")', "no JSON"),
        (
            '[{"km": 3.5, "night": True}, {"km": 1.0, "night": None}], [1, 0.25]',
            "[], []",
            "no rows",
        ),
    ],
)
def test_a_lab_that_quotes_otherwise_is_refused_with_a_sentence(lab, old, new, says):
    assert old in QUOTES
    with pytest.raises(ContentError) as caught:
        quoted(lab, QUOTES.replace(old, new))
    assert says in str(caught.value)
    assert caught.value.path == lab.folder / "rows.py"
