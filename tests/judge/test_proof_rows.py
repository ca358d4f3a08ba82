"""What `rows.py` may give, and what is said of anything else."""

import dataclasses

import pytest

from gradus.core.errors import ContentError
from gradus.core.lab import Entry, EntryKind, Lab, LabProof, Limits, Profile
from gradus.core.service import Labels, Measure
from gradus.judge.proof_rows import draw_rows

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
