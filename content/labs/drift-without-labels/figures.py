"""The picture of the lesson: a bond of two features that no single feature shows."""

import numpy as np

INK, ACCENT, MUTED = "currentColor", "var(--accent, #3b6cf6)", "var(--muted, #8a8f98)"
N = 70


def figures() -> dict[str, str]:
    """Return file name to SVG text."""
    return {"bond.svg": bond()}


def bond() -> str:
    """The same values on both axes, paired in two ways, with their shadows."""
    rng = np.random.default_rng(11)
    x = rng.normal(size=N)
    together = 0.85 * x + 0.53 * rng.normal(size=N)
    apart = rng.permutation(together)
    parts = []
    for left, y, words in [(50, together, "reference"), (370, apart, "this week")]:
        parts.append(label(left, 30, words))
        for a, b in zip(x, y, strict=True):
            at, up = left + 110 + 42 * a, 150 - 42 * b
            parts.append(f'<circle cx="{at:.1f}" cy="{up:.1f}" r="4" fill="{ACCENT}"/>')
            parts.append(shadow(at, 276, at, 286))
            parts.append(shadow(left - 20, up, left - 10, up))
        parts.append(label(left + 60, 312, "income", MUTED))
    body = "\n  ".join(parts)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 324" role="img">\n'
        "  <title>The same two columns, paired as before and paired anew</title>\n"
        f"  {body}\n</svg>\n"
    )


def shadow(x1: float, y1: float, x2: float, y2: float) -> str:
    """A tick beside an axis."""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{MUTED}" stroke-width="1.5"/>'
    )


def label(x: float, y: float, text: str, colour: str = INK) -> str:
    """A text of a readable size."""
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="16" font-family="sans-serif" '
        f'fill="{colour}">{text}</text>'
    )
