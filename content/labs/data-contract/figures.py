"""The picture of the lesson: where a contract leaves a gap, and a bound belongs into it."""

ACCENT, MUTED = "var(--accent, #3b6cf6)", "var(--muted, #8a8f98)"
LEFT, RIGHT = 20, 620

# name, marks on the line, and their places: refused up to, let in from and to, refused from
LINES = [
    ("orders of a batch", ("60", "120", "900", "2,000"), (90, 160, 420, 540)),
    ("median of amount", ("20", "30", "60", "90"), (130, 220, 380, 500)),
    ("null weights", ("", "0 %", "1 %", "3 %"), (None, 20, 250, 420)),
]


def zone(left, right, y, words, strong):
    """One stretch of a line, with its words in it."""
    ink = ACCENT if strong else MUTED
    return (
        f'<rect x="{left}" y="{y}" width="{right - left}" height="26" fill="{ink}" '
        f'fill-opacity="{0.3 if strong else 0.22}" stroke="{ink}"/>'
        f'<text x="{(left + right) / 2}" y="{y + 18}" text-anchor="middle">{words}</text>'
    )


def gap(left, right, y):
    """The stretch in which a bound is free, and the bound in it."""
    middle = (left + right) / 2
    return (
        f'<path d="M{left} {y + 13} H{right}" stroke="{MUTED}" stroke-dasharray="4 4"/>'
        f'<path d="M{middle} {y - 6} V{y + 32}" stroke="currentColor" stroke-width="3"/>'
    )


def line(y, name, marks, places):
    """One quantity: refused, gap, comes in, gap, refused."""
    low, first, last, high = places
    parts = [f'<text x="{LEFT}" y="{y - 14}" font-weight="bold">{name}</text>']
    if low is not None:
        parts += [zone(LEFT, low, y, "refuse", False), gap(low, first, y)]
    parts += [
        zone(first, last, y, "let in", True),
        gap(last, high, y),
        zone(high, RIGHT, y, "refuse", False),
    ]
    parts += [
        f'<text x="{place}" y="{y + 46}" text-anchor="{"start" if place == LEFT else "middle"}">'
        f"{mark}</text>"
        for mark, place in zip(marks, places, strict=True)
        if place is not None
    ]
    return parts


def figures() -> dict[str, str]:
    """Return the lesson's pictures by file name."""
    parts = []
    for place, (name, marks, places) in enumerate(LINES):
        parts += line(46 + 96 * place, name, marks, places)
    inner = "\n  ".join(parts)
    return {
        "gaps.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 306" role="img" '
        'font-family="sans-serif" font-size="15" fill="currentColor">\n'
        "  <title>Three quantities with what has to come in and what has to be refused; a bound "
        f"stands in each gap between them</title>\n  {inner}\n</svg>\n"
    }
