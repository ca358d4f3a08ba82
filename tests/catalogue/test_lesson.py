"""Lessons and hints are cut at their headings."""

import pytest

from gradus.catalogue import load_hints, load_lab, load_lesson
from gradus.catalogue.lesson import parse_lesson
from gradus.core.errors import ContentError


def test_a_lesson_is_cut_at_its_second_level():
    lesson = parse_lesson("# Title\n\n## One\n\ntext\n### deeper\nmore\n\n## Two\n")
    assert lesson.title == "Title"
    assert [(part.title, part.line) for part in lesson.parts] == [("One", 3), ("Two", 9)]
    assert lesson.part("One") == "text\n### deeper\nmore"
    assert lesson.part("Two") == lesson.part("Three") == ""


@pytest.mark.parametrize("fence", ["```", "~~~", "````python"])
def test_headings_in_code_are_text(fence):
    close = fence.rstrip("python")
    lesson = parse_lesson(f"# T\n## One\n{fence}\n## not a heading\n# nor this\n{close}\n## Two\n")
    assert [part.title for part in lesson.parts] == ["One", "Two"]


def test_a_comment_in_code_before_the_title_is_no_title():
    assert parse_lesson("```\n# comment\n```\n# Title\n").title == "Title"


def test_hints_are_three_rungs(tree):
    tree.write("labs/a-lab/hints.md", "## 1\n\nlook\n\n## 2\n\nthink\n\n## 3\n\nwrite\n")
    assert load_hints(load_lab(tree.lab)) == ("look", "think", "write")


@pytest.mark.parametrize("text", ["", "## 1\na\n## 2\nb\n", "## 1\na\n## 2\n\n## 3\nc\n", "a"])
def test_other_hints_are_refused(tree, text):
    tree.write("labs/a-lab/hints.md", text)
    with pytest.raises(ContentError, match="three rungs"):
        load_hints(load_lab(tree.lab))


def test_a_missing_lesson_says_so(tree):
    with pytest.raises(ContentError, match=r"lesson\.md is missing"):
        load_lesson(load_lab(tree.lab))
