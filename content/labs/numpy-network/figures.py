"""The pictures of the lesson; this file draws and knows nothing of the check."""

INK, ACCENT, MUTED = "currentColor", "var(--accent, #3b6cf6)", "var(--muted, #8a8f98)"
CORNERS = [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)]
SIDE = 150


def text(x: float, y: float, words: str, colour: str = INK, size: int = 15) -> str:
    """A centred piece of text."""
    return (
        f'<text x="{x}" y="{y}" fill="{colour}" font-size="{size}" text-anchor="middle" '
        f'dominant-baseline="central">{words}</text>'
    )


def corners(left: float, top: float) -> str:
    """The four rows of XOR: filled is class 1."""
    parts = []
    for x, y, label in CORNERS:
        parts.append(
            f'<circle cx="{left + x * SIDE}" cy="{top + (1 - y) * SIDE}" r="11" '
            f'fill="{ACCENT if label else "none"}" stroke="{ACCENT if label else INK}" '
            f'stroke-width="2"/>'
        )
    return "".join(parts)


def across(left: float, top: float, total: float) -> str:
    """The line x1 + x2 = total over the square and a little beyond."""
    low, high = total / 2 - 0.55, total / 2 + 0.55
    ends = [(each, total - each) for each in (low, high)]
    (x1, y1), (x2, y2) = [(left + x * SIDE, top + (1 - y) * SIDE) for x, y in ends]
    return (
        f'<line x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}" stroke="{INK}" '
        'stroke-width="2" stroke-dasharray="7 5"/>'
    )


def xor() -> str:
    """XOR with one line, and with the strip between two lines."""
    left, right, top = 110, 400, 55
    strip = [(-0.25, 0.75), (0.75, -0.25), (1.25, 0.25), (0.25, 1.25)]
    points = " ".join(f"{right + x * SIDE:.0f},{top + (1 - y) * SIDE:.0f}" for x, y in strip)
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 305" role="img">',
        "<title>Left XOR and one line with a corner on the wrong side, right a strip</title>",
        f'<polygon points="{points}" fill="{ACCENT}" fill-opacity="0.15"/>',
        across(left, top, 0.5),
        across(right, top, 0.5),
        across(right, top, 1.5),
        corners(left, top),
        corners(right, top),
        text(left + SIDE / 2, 262, "one line: three rows right"),
        text(right + SIDE / 2, 262, "two lines: a strip, all four right"),
        text(320, 290, "filled: class 1", MUTED),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def figures() -> dict[str, str]:
    """Every picture of the lesson by its file name."""
    return {"xor.svg": xor()}
