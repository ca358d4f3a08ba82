"""Draws the way of a commit to its deployment, and a comparison in pairs beside one in averages."""

ACCENT, MUTED = "var(--accent, #3b6cf6)", "var(--muted, #8a8f98)"


def picture(height, title, parts):
    """One picture of a width of 640."""
    inner = "\n  ".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 {height}" role="img" '
        'font-family="system-ui, sans-serif" font-size="15">\n'
        '  <defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
        f'markerHeight="8" orient="auto"><path d="M0 0 L8 4 L0 8 Z" fill="{MUTED}"/></marker>'
        f"</defs>\n  <title>{title}</title>\n  {inner}\n</svg>\n"
    )


def text(x, y, words, anchor="middle", colour="currentColor"):
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}">{words}</text>'


def box(x, y, width, words, strong=False):
    """A job."""
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="36" rx="6" fill="{ACCENT}" '
        f'fill-opacity="{0.25 if strong else 0.07}" stroke="{ACCENT}"/>'
        + text(x + width / 2, y + 23, words)
    )


def arrow(x1, y1, x2, y2):
    return (
        f'<path d="M{x1} {y1} L{x2} {y2}" stroke="{MUTED}" stroke-width="1.8" '
        'marker-end="url(#head)"/>'
    )


def graph():
    """Four jobs, and under each what it stops."""
    return picture(
        250,
        "Data check and tests come first, then the model with its gate, then the deployment; "
        "bad data, failing or missing tests and a worse model each stop at their job, "
        "branches and pull requests before the deployment",
        [
            box(12, 92, 84, "commit"),
            arrow(96, 102, 148, 66),
            arrow(96, 118, 148, 154),
            box(150, 42, 96, "data"),
            box(150, 142, 96, "tests"),
            arrow(246, 66, 308, 102),
            arrow(246, 154, 308, 118),
            box(310, 92, 132, "model and gate"),
            arrow(442, 110, 518, 110),
            box(520, 92, 104, "deploy", strong=True),
            text(150, 30, "bad data ✗", "start", MUTED),
            text(150, 200, "broken API ✗", "start", MUTED),
            text(150, 220, "no test, all skipped ✗", "start", MUTED),
            text(150, 240, "fails, then passes ✗", "start", MUTED),
            text(376, 150, "worse model ✗", "middle", MUTED),
            text(572, 150, "branch ✗", "middle", MUTED),
            text(572, 170, "pull request ✗", "middle", MUTED),
            text(572, 80, "needs all", "middle", MUTED),
        ],
    )


def bar(y, low, high, middle, label, colour, width):
    """A mean with its reach, on an axis of minutes."""

    def at(value):
        return 190 + 26 * value

    return (
        f'<path d="M{at(low):.1f} {y} H{at(high):.1f}" stroke="{colour}" stroke-width="{width}" '
        'stroke-linecap="round" stroke-opacity="0.55"/>'
        f'<circle cx="{at(middle):.1f}" cy="{y}" r="5" fill="{colour}"/>'
        + text(12, y + 5, label, "start")
    )


def paired():
    """Two spreads of errors that overlap, and the interval of their differences."""

    def won(value):
        return 340 + 260 * value

    parts = [
        bar(34, 1.0, 15.0, 7.0, "champion’s errors", MUTED, 12),
        bar(66, 0.6, 14.3, 6.5, "candidate’s errors", ACCENT, 12),
        text(190, 100, "0", "middle", MUTED),
        text(450, 100, "10", "middle", MUTED),
        text(606, 100, "minutes", "end", MUTED),
        text(12, 165, "minutes won, row by row", "start"),
        f'<path d="M{won(0.415):.1f} 160 H{won(0.585):.1f}" stroke="{ACCENT}" stroke-width="12" '
        'stroke-linecap="round" stroke-opacity="0.55"/>',
        f'<circle cx="{won(0.5):.1f}" cy="160" r="5" fill="{ACCENT}"/>',
        text(round(won(0.38), 1), 165, "low", "end", MUTED),
        text(round(won(0.62), 1), 165, "high", "start", MUTED),
    ]
    for value, label in ((-0.25, "margin −0.25"), (0.0, "0"), (0.5, "0.5")):
        dashes = ' stroke-dasharray="5 4"' if value < 0 else ""
        parts.append(
            f'<path d="M{won(value):.1f} 134 V186" stroke="{MUTED}" stroke-width="1.5"{dashes}/>'
        )
        anchor = "end" if value < 0 else "middle"
        parts.append(text(round(won(value), 1), 206, label, anchor, MUTED))
    return picture(
        218,
        "The errors of the two models are spread from 1 to 15 minutes and overlap; the differences "
        "row by row average 0.5 minutes, give or take 0.1, far to the right of the margin at −0.25",
        parts,
    )


def figures() -> dict[str, str]:
    """Return the lesson's pictures by file name."""
    return {"graph.svg": graph(), "paired.svg": paired()}
