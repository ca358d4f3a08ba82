"""Lessons and pictures: what gets through to the page and what does not."""

import pytest

from gradus.web.figures import safe_figure
from gradus.web.lesson import lesson_html

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 320" role="img">{}</svg>'


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        '[x](https://a.example "t" onclick=alert)',
        "![x](javascript:alert(1))",
        "<style>body{}</style>",
        "$<img src=x onerror=alert(1)>$",
        "```python\n<script>alert(1)</script>\n```",
        "| a |\n|---|\n| <iframe src=//x> |",
    ],
)
def test_nothing_that_runs_gets_through(markdown: str) -> None:
    html = lesson_html(markdown)
    for word in ("<script", "<img", "<style", "<iframe", "onerror=alert(1)>x", 'href="javascript'):
        assert word not in html


def test_mathematics_stays_tex_for_the_page_to_typeset() -> None:
    html = lesson_html("Of $a < b_{i}$:\n\n$$\n\\sum_i x_i\n$$\n")
    assert '<span class="math inline">a &lt; b_{i}</span>' in html
    assert '<div class="math block">' in html
    assert "\\sum_i x_i" in html


def test_dollars_of_money_are_not_mathematics() -> None:
    assert "math" not in lesson_html("It costs $5 and then $ 7 more.")


def test_code_keeps_its_language_and_headings_stay_below_the_parts() -> None:
    html = lesson_html("# One\n\n### Three\n\n```python\nx = 1\n```\n")
    assert "<h3>One</h3>" in html
    assert '<code class="language-python">' in html


def test_tables_are_aligned_without_a_style_attribute() -> None:
    html = lesson_html("| a | b |\n|---|--:|\n| 1 | 2 |\n")
    assert '<td align="right">2</td>' in html
    assert "style" not in html


def test_a_picture_is_drawn_in_place_with_its_words_below() -> None:
    figures = {"figures/a.svg": SVG.format('<circle r="4" fill="currentColor"/>')}
    html = lesson_html("Before.\n\n![A dot](figures/a.svg)\n\nAfter.", figures)
    assert '<figure class="picture"><svg' in html
    assert 'fill="currentColor"' in html
    assert "<figcaption>A dot</figcaption>" in html
    assert 'width="640"' in html
    assert "<p><figure" not in html


def test_a_picture_that_is_not_there_leaves_its_words() -> None:
    assert "A dot" in lesson_html("![A dot](figures/none.svg)")


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<rect onclick="alert(1)"/>',
        '<a href="https://x.example"><rect/></a>',
        '<image href="https://x.example/a.png"/>',
        '<rect fill="url(https://x.example#a)"/>',
        '<rect style="fill:url(//x.example)"/>',
        '<use href="https://x.example#a"/>',
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>',
        "<style>@import 'https://x.example'</style>",
        '<animate attributeName="href" to="javascript:alert(1)"/>',
    ],
)
def test_only_drawing_gets_through_a_picture(inside: str) -> None:
    clean = safe_figure(SVG.format(inside), prefix="p")
    for word in ("x.example", "alert", "script", "onclick", "foreignObject", "<style", "animate"):
        assert word not in clean


def test_names_inside_a_picture_are_its_own() -> None:
    inside = '<defs><marker id="tip"/></defs><path marker-end="url(#tip)"/><use href="#tip"/>'
    clean = safe_figure(SVG.format(inside), prefix="f1")
    assert 'id="f1-tip"' in clean
    assert "url(#f1-tip)" in clean
    assert 'href="#f1-tip"' in clean


def test_a_style_attribute_becomes_attributes() -> None:
    clean = safe_figure(SVG.format('<rect style="fill: red; stroke-width:2"/>'), prefix="p")
    assert 'fill="red"' in clean
    assert 'stroke-width="2"' in clean
    assert "style" not in clean


@pytest.mark.parametrize(
    "text", ["", "no xml", "<html/>", '<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>']
)
def test_what_is_no_picture_leaves_a_gap_and_no_error(text: str) -> None:
    assert safe_figure(text, prefix="p") == ""
