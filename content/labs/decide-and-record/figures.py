"""Draws a plan in weeks: work, weeks off, and the slack before the end."""

LEFT, TOP, SIDE, GAP = 24, 56, 24, 4
ACCENT, MUTED = "var(--accent, #3b6cf6)", "var(--muted, #8a8f98)"
PER_ROW, N_WEEKS, OFF, N_SLACK = 22, 44, (4, 5), 4


def week(place):
    """One square: filled for work, hollow for slack, a line for a week off."""
    x = LEFT + place % PER_ROW * (SIDE + GAP)
    y = TOP + place // PER_ROW * (SIDE + 18)
    if place in OFF:
        return f'<path d="M{x} {y + SIDE / 2} h{SIDE}" stroke="{MUTED}" stroke-width="3"/>'
    if place >= N_WEEKS - N_SLACK:
        return (
            f'<rect x="{x}" y="{y}" width="{SIDE}" height="{SIDE}" rx="4" fill="none" '
            f'stroke="{ACCENT}" stroke-width="2" stroke-dasharray="4 3"/>'
        )
    return (
        f'<rect x="{x}" y="{y}" width="{SIDE}" height="{SIDE}" rx="4" fill="{ACCENT}" '
        'opacity="0.75"/>'
    )


def slack():
    bottom = TOP + 2 * (SIDE + 18)
    parts = [
        f'<text x="{LEFT}" y="30" fill="currentColor">A week is a square: 38 of work, '
        "2 off, 4 that belong to nobody</text>",
        *(week(place) for place in range(N_WEEKS)),
        f'<text x="{LEFT + 4 * (SIDE + GAP)}" y="{TOP + SIDE + 15}" fill="{MUTED}">off</text>',
        f'<text x="{LEFT + PER_ROW * (SIDE + GAP) - GAP}" y="{bottom + 12}" text-anchor="end" '
        f'fill="{MUTED}">slack, then the end</text>',
    ]
    inner = "\n  ".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 {bottom + 26}" role="img" '
        'font-family="system-ui, sans-serif" font-size="15">\n'
        "  <title>A plan of 44 weeks: 38 of work, 2 off, and 4 of slack before the end</title>\n"
        f"  {inner}\n</svg>\n"
    )


def figures() -> dict[str, str]:
    """Return the lesson's pictures by file name."""
    return {"slack.svg": slack()}
