"""Draws how a sign that comes and goes becomes one page."""

ACCENT, MUTED = "var(--accent, #3b6cf6)", "var(--muted, #8a8f98)"
LEFT, WIDE = 130, 8.2
SHARES = [
    (0, 5), (3, 4), (6, 8), (9, 5), (12, 6), (14, 30), (16, 56), (19, 62), (23, 58), (27, 63),
    (29, 40), (31, 14), (33, 36), (35, 58), (39, 62), (42, 60), (44, 34), (46, 9), (50, 5), (56, 6),
    (60, 4),
]  # fmt: skip
BOUND, BASE, HIGH = 25, 140, 1.8


def x(minute):
    """Where a minute lies."""
    return LEFT + WIDE * minute


def y(share):
    """Where a share in percent lies."""
    return BASE - HIGH * share


def message(minute, words, filled):
    """A message to the pager, as a dot with its word."""
    fill = ACCENT if filled else "none"
    return (
        f'<circle cx="{x(minute):.0f}" cy="178" r="7" fill="{fill}" stroke="{ACCENT}" '
        f'stroke-width="2"/><text x="{x(minute):.0f}" y="208" text-anchor="middle" '
        f'fill="currentColor">{words}</text>'
    )


def page():
    """The share of slow answers, and below it the page that stands for it."""
    line = " ".join(f"{x(minute):.0f},{y(share):.0f}" for minute, share in SHARES)
    parts = [
        f'<path d="M{LEFT} {BASE} H{x(60):.0f}" stroke="{MUTED}"/>',
        f'<path d="M{LEFT} {y(BOUND):.0f} H{x(60):.0f}" stroke="{MUTED}" stroke-dasharray="5 4"/>',
        f'<text x="{LEFT - 10}" y="{y(BOUND) + 5:.0f}" text-anchor="end" fill="{MUTED}">'
        "bound</text>",
        f'<text x="{LEFT - 10}" y="{y(60) + 5:.0f}" text-anchor="end" fill="currentColor">'
        "share slow</text>",
        f'<polyline points="{line}" fill="none" stroke="{ACCENT}" stroke-width="2.5"/>',
        f'<text x="{x(31):.0f}" y="{y(68):.0f}" text-anchor="middle" fill="{MUTED}">a pause</text>',
        f'<text x="{LEFT - 10}" y="183" text-anchor="end" fill="currentColor">one page</text>',
        f'<path d="M{x(14):.0f} 178 H{x(54):.0f}" stroke="{ACCENT}" stroke-width="4"/>',
        message(14, "firing", True),
        message(54, "resolved", False),
        f'<path d="M{x(45):.0f} 150 V178" stroke="{MUTED}" stroke-dasharray="3 4"/>',
        f'<text x="{x(45) + 6:.0f}" y="166" fill="{MUTED}">patience</text>',
    ]
    inner = "\n  ".join(parts)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 222" role="img" '
        'font-family="system-ui, sans-serif" font-size="15">\n'
        "  <title>The share of slow answers crosses its bound, pauses, crosses it again and falls; "
        "one page fires at the first crossing and is resolved some calm minutes after the last"
        f"</title>\n  {inner}\n</svg>\n"
    )


def figures() -> dict[str, str]:
    """Return the lesson's pictures by file name."""
    return {"page.svg": page()}
