"""Draws which payments a `rows` frame and a `range` frame see from the same row."""

PAYMENTS = [("1 March", 100), ("2 March", 10), ("2 March", 5), ("3 March", 20)]
LEFT, TOP, STEP = 30, 60, 42
MUTED, ACCENT = "var(--muted, #8a8f98)", "var(--accent, #3b6cf6)"


def text(x, y, words, anchor="start", colour="currentColor", weight="normal"):
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}" '
        f'font-weight="{weight}">{words}</text>'
    )


def bracket(x, n_rows, label, total):
    """A frame from the first payment down to the `n_rows`-th, with its sum."""
    top, bottom = TOP - 18, TOP + (n_rows - 1) * STEP + 12
    return [
        f'<path d="M{x + 10} {top} H{x} V{bottom} H{x + 10}" fill="none" '
        f'stroke="{ACCENT}" stroke-width="2.5"/>',
        text(x + 18, (top + bottom) / 2 - 4, label, colour=ACCENT, weight="bold"),
        text(x + 18, (top + bottom) / 2 + 16, f"sum {total}"),
    ]


def frames():
    parts = [
        text(LEFT, 26, "paid_on", colour=MUTED),
        text(LEFT + 130, 26, "cents", "end", MUTED),
        text(LEFT + 210, 26, "What the payment of 10 sees:", colour=MUTED),
        f'<rect x="{LEFT - 10}" y="{TOP + STEP - 22}" width="160" height="34" rx="6" '
        f'fill="{ACCENT}" opacity="0.16"/>',
    ]
    for place, (day, cents) in enumerate(PAYMENTS):
        y = TOP + place * STEP
        parts += [text(LEFT, y, day), text(LEFT + 130, y, cents, "end")]
    parts += bracket(LEFT + 210, 2, "rows", 110)
    parts += bracket(LEFT + 390, 3, "range (the default)", 115)
    inner = "\n  ".join(parts)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 210" role="img" '
        'font-family="system-ui, sans-serif" font-size="15">\n'
        "  <title>The rows frame of a payment ends at that payment; the range frame takes in "
        "the other payment of the same day</title>\n"
        f"  {inner}\n</svg>\n"
    )


def figures() -> dict[str, str]:
    """Return the lesson's pictures by file name."""
    return {"frames.svg": frames()}
