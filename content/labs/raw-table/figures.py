"""The picture of the lesson: one pipeline, fitted once, then only applied."""

WIDTH = 640
INK, ACCENT, MUTED = "currentColor", "var(--accent, #3b6cf6)", "var(--muted, #8a8f98)"
STEPS = [
    ("clean", "−1 → gap", "“ de” → DE"),
    ("engineer", "price / night", "log of days"),
    ("fill, scale", "gap → 24", "(training)"),
    ("encode", "DE → 1 0 0", "new → 0 0 0"),
    ("model", "0.37", "usable: yes"),
]


def figures() -> dict[str, str]:
    """Return file name to SVG text."""
    return {"pipeline.svg": pipeline()}


def pipeline() -> str:
    """Five boxes in one frame; what is learned lies below them."""
    parts = [
        f'<rect x="8" y="44" width="624" height="150" rx="12" fill="none" stroke="{ACCENT}" '
        f'stroke-width="2.5"/>',
        text(320, 30, "one object: fit once, save as bytes, then only apply", "middle", ACCENT),
    ]
    for place, (name, first, second) in enumerate(STEPS):
        x = 20 + 122 * place
        parts.append(
            f'<rect x="{x}" y="64" width="110" height="112" rx="8" fill="none" '
            f'stroke="{MUTED}" stroke-width="1.5"/>'
        )
        parts.append(text(x + 55, 90, name, "middle"))
        parts.append(text(x + 55, 128, first, "middle", MUTED, 14))
        parts.append(text(x + 55, 150, second, "middle", MUTED, 14))
        if place:
            parts.append(
                f'<path d="M {x - 12} 120 h 9 m -5 -4 l 5 4 l -5 4" fill="none" '
                f'stroke="{INK}" stroke-width="2"/>'
            )
    parts.append(text(137, 222, "row by row, nothing learned", "middle", INK))
    parts.append(text(444, 222, "learned from the training rows alone", "middle", INK))
    parts.append(brace(20, 252))
    parts.append(brace(264, 618))
    body = "\n  ".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} 236" role="img">\n'
        f"  <title>From raw rows to a probability in one pipeline</title>\n  {body}\n</svg>\n"
    )


def brace(left: int, right: int) -> str:
    """A line under some boxes."""
    return (
        f'<path d="M {left} 198 v 6 H {right} v -6" fill="none" stroke="{INK}" stroke-width="1.5"/>'
    )


def text(x: float, y: float, words: str, anchor: str, colour: str = INK, size: int = 16) -> str:
    """A text of a readable size."""
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" font-family="sans-serif" '
        f'text-anchor="{anchor}" fill="{colour}">{words}</text>'
    )
