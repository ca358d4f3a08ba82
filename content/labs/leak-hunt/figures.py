"""The picture of the lesson: a fence between training and test rows, and the ways over it."""

WIDTH = 640
INK, ACCENT, MUTED = "currentColor", "var(--accent, #3b6cf6)", "var(--muted, #8a8f98)"
WAYS = [
    "statistics (scaler)",
    "labels (selection)",
    "copies of the row",
    "rows of the same group",
    "the future",
    "the score (tuning)",
]


def figures() -> dict[str, str]:
    """Return file name to SVG text."""
    return {"fence.svg": fence()}


def fence() -> str:
    """Two boxes, a dashed line between them, six arrows from right to left."""
    parts = [box(24, "training rows", "and all that is", "fitted or chosen"), box(456, "test rows")]
    parts.append(text(536, 130, "tomorrow,", "middle", MUTED))
    parts.append(text(536, 152, "alone,", "middle", MUTED))
    parts.append(text(536, 174, "unlabelled", "middle", MUTED))
    parts.append(
        f'<line x1="444" y1="14" x2="444" y2="306" stroke="{INK}" stroke-width="3" '
        f'stroke-dasharray="3 7" opacity="0.8"/>'
    )
    for place, way in enumerate(WAYS):
        y = 50 + 46 * place
        parts.append(
            f'<path d="M 452 {y} H 196 m 10 -6 l -10 6 l 10 6" fill="none" '
            f'stroke="{ACCENT}" stroke-width="2.5"/>'
        )
        parts.append(text(320, y - 8, way, "middle"))
    body = "\n  ".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} 320" role="img">\n'
        f"  <title>Six ways by which test rows reach the model</title>\n  {body}\n</svg>\n"
    )


def box(x: int, title: str, *lines: str) -> str:
    """A rounded box with a title."""
    drawn = [
        f'<rect x="{x}" y="20" width="160" height="280" rx="10" fill="none" '
        f'stroke="{MUTED}" stroke-width="2"/>',
        text(x + 80, 90, title, "middle"),
    ]
    drawn += [text(x + 80, 130 + 22 * i, line, "middle", MUTED) for i, line in enumerate(lines)]
    return "\n  ".join(drawn)


def text(x: float, y: float, words: str, anchor: str = "start", colour: str = INK) -> str:
    """A text of a readable size."""
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="15" font-family="sans-serif" '
        f'text-anchor="{anchor}" fill="{colour}">{words}</text>'
    )
