"""The palette: text can be read on what it stands on, in light and in dark (WCAG 2.2, AA)."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "frontend" / "src" / "styles" / "tokens.css"
PAIRS = [
    ("--ink", "--paper"),
    ("--ink", "--surface"),
    ("--ink", "--sunk"),
    ("--ink-2", "--paper"),
    ("--ink-2", "--sunk"),
    ("--ink-3", "--paper"),
    ("--ink-3", "--surface"),
    ("--ink-3", "--sunk"),
    ("--accent", "--paper"),
    ("--accent", "--surface"),
    ("--on-accent", "--accent"),
    ("--on-accent", "--accent-2"),
    ("--ink", "--accent-soft"),
    ("--pass", "--surface"),
    ("--pass", "--paper"),
    ("--pass", "--pass-soft"),
    ("--fail", "--surface"),
    ("--fail", "--paper"),
    ("--fail", "--fail-soft"),
    ("--brass-ink", "--brass-soft"),
    ("--brass-ink", "--paper"),
    ("--ours", "--ours-soft"),
    ("--ink", "--brass-soft"),
    ("--code-keyword", "--surface"),
    ("--code-string", "--surface"),
    ("--code-number", "--surface"),
    ("--code-comment", "--surface"),
    ("--code-name", "--surface"),
    ("--code-type", "--surface"),
    ("--code-comment", "--sunk"),
]


def themes() -> dict[str, dict[str, str]]:
    """Return every colour of both themes by its name."""
    css = TOKENS.read_text(encoding="utf-8")
    blocks = {
        "light": css.split('[data-theme="light"] {')[1].split("}")[0],
        "dark": css.split('[data-theme="dark"] {')[1].split("}")[0],
    }
    return {
        name: dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{6})", block))
        for name, block in blocks.items()
    }


def luminance(colour: str) -> float:
    """Return the relative luminance of an sRGB colour, as WCAG defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(theme: str, text: str, ground: str) -> None:
    colours = themes()[theme]
    ratio = contrast(colours[text], colours[ground])
    assert ratio >= 4.5, f"{text} on {ground} in {theme}: {ratio:.2f}"


def test_both_ways_into_the_dark_theme_are_the_same() -> None:
    css = TOKENS.read_text(encoding="utf-8")
    preferred = css.split(':root:not([data-theme="light"]) {')[1].split("}")[0]
    chosen = css.split('[data-theme="dark"] {')[1].split("}")[0]
    assert preferred.split() == chosen.split()
