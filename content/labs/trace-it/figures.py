"""Draws what a recorded run holds together, and how the registry points at it."""

ACCENT, MUTED = "var(--accent, #3b6cf6)", "var(--muted, #8a8f98)"


def box(x, y, width, words, strong=False):
    """A box with one line of text."""
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="34" rx="6" fill="{ACCENT}" '
        f'fill-opacity="{0.25 if strong else 0.07}" stroke="{ACCENT}"/>'
        f'<text x="{x + width / 2}" y="{y + 22}" text-anchor="middle" fill="currentColor">'
        f"{words}</text>"
    )


def arrow(x1, y1, x2, y2):
    """A line with a head at its second end."""
    return (
        f'<path d="M{x1} {y1} L{x2} {y2}" stroke="{MUTED}" stroke-width="1.8" '
        'marker-end="url(#head)"/>'
    )


def trace():
    facts = ("parameters", "seed", "data hash", "code hash", "artefact")
    parts = [
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
        f'markerHeight="8" orient="auto"><path d="M0 0 L8 4 L0 8 Z" fill="{MUTED}"/></marker>'
        "</defs>",
        box(16, 106, 120, "score 0.412"),
        arrow(136, 123, 218, 123),
        box(220, 106, 120, "run 7c1e…", strong=True),
    ]
    for place, words in enumerate(facts):
        y = 12 + 47 * place
        parts += [arrow(340, 123, 468, y + 17), box(470, y, 150, words)]
    parts += [
        box(16, 212, 120, "champion"),
        arrow(136, 229, 218, 229),
        box(220, 212, 120, "version 2"),
        arrow(280, 212, 280, 142),
        f'<text x="16" y="266" fill="{MUTED}">alias</text>',
        f'<text x="220" y="266" fill="{MUTED}">in the registry</text>',
    ]
    inner = "\n  ".join(parts)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 280" role="img" '
        'font-family="system-ui, sans-serif" font-size="15">\n'
        "  <title>From a score to its run and everything that made it; from the alias champion "
        f"through a version to the same run</title>\n  {inner}\n</svg>\n"
    )


def figures() -> dict[str, str]:
    """Return the lesson's pictures by file name."""
    return {"trace.svg": trace()}
