"""A new lab is complete but for its content, and says exactly what is still to write."""

import pytest

from gradus.conformance import check_folder, new_lab
from gradus.core.errors import UsageError

STILL_TO_WRITE = {
    "still-to-write",
    "four-variants",
    "two-ways",
    "lesson-length",
    "card-count",
    "check-loads",
}


def test_a_new_lab_says_what_is_still_to_write_and_nothing_else(tmp_path, catalogue):
    left = new_lab("the-median", tmp_path, "a02", catalogue)
    assert {each.code for each in left} == STILL_TO_WRITE
    marked = {each.path.name for each in left if each.code == "still-to-write"}
    assert marked == {
        "lab.toml",
        "lesson.md",
        "hints.md",
        "check.py",
        "cards.toml",
        "the_median.py",
        "first_mistake.py",
        "first_way.py",
    }
    assert all(each.line for each in left if each.code == "still-to-write")


def test_the_judge_has_nothing_to_add_before_there_is_a_claim(tmp_path, catalogue, pool):
    left = new_lab("the-median", tmp_path, "A02", catalogue)
    assert check_folder(tmp_path / "the-median", catalogue, pool) == left


def test_a_new_lab_has_what_its_row_says(tmp_path, catalogue):
    new_lab("the-median", tmp_path, "A02", catalogue)
    text = (tmp_path / "the-median" / "lab.toml").read_text()
    assert 'title = "The median"' in text
    assert 'curriculum = "A02"' in text
    assert 'skills = ["median"]' in text
    assert 'needs = ["A01"]' in text


def test_a_lab_outside_the_curriculum_chooses_its_skills(tmp_path, catalogue):
    left = new_lab("own-lab", tmp_path, None, catalogue)
    assert {each.code for each in left} == STILL_TO_WRITE
    assert any("skills" in each.message for each in left)


@pytest.mark.parametrize(
    ("name", "item", "says"),
    [
        ("The Median", None, "no name for a lab"),
        ("a/b", None, "no name for a lab"),
        ("the-median", "A03", "There is no curriculum id 'A03'. Did you mean"),
        ("the-median", "a01", "A01 is the lab 'the-mean' already"),
    ],
)
def test_a_lab_that_cannot_be_made_says_why(tmp_path, catalogue, name, item, says):
    with pytest.raises(UsageError) as caught:
        new_lab(name, tmp_path, item, catalogue)
    assert says in str(caught.value)
    assert list(tmp_path.glob("[!c]*")) == []


def test_no_file_of_an_author_is_overwritten(tmp_path, catalogue):
    (tmp_path / "the-median").mkdir()
    with pytest.raises(UsageError, match="overwrites nobody's file"):
        new_lab("the-median", tmp_path, "A02", catalogue)
