"""Draws Wilson intervals of about the same share, from few and from many companies."""

import math

COUNTS = [(1, 2), (4, 10), (40, 100), (400, 1000)]
LEFT, RIGHT, TOP, STEP = 130, 610, 34, 42
MUTED, ACCENT = "var(--muted, #8a8f98)", "var(--accent, #3b6cf6)"


def wilson(k, n, z=1.96):
    share = k / n
    middle, half = share + z * z / (2 * n), math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (middle - z * half) / (1 + z * z / n), (middle + z * half) / (1 + z * z / n)


def at(share):
    return LEFT + share * (RIGHT - LEFT)


def intervals():
    parts = []
    for place, (k, n) in enumerate(COUNTS):
        y = TOP + place * STEP
        low, high = wilson(k, n)
        parts += [
            f'<text x="{LEFT - 14}" y="{y + 5}" text-anchor="end" fill="currentColor">'
            f"{k} of {n:,}</text>",
            f'<path d="M{at(low):.1f} {y} H{at(high):.1f} M{at(low):.1f} {y - 7} v14 '
            f'M{at(high):.1f} {y - 7} v14" stroke="{ACCENT}" stroke-width="2.5" fill="none"/>',
            f'<circle cx="{at(k / n):.1f}" cy="{y}" r="5" fill="{ACCENT}"/>',
        ]
    axis = TOP + len(COUNTS) * STEP - 10
    parts.append(f'<path d="M{LEFT} {axis} H{RIGHT}" stroke="{MUTED}" fill="none"/>')
    for percent in range(0, 101, 20):
        x = at(percent / 100)
        parts.append(
            f'<path d="M{x:.1f} {axis} v6" stroke="{MUTED}"/>'
            f'<text x="{x:.1f}" y="{axis + 24}" text-anchor="middle" fill="{MUTED}">'
            f"{percent} %</text>"
        )
    inner = "\n  ".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 {axis + 36}" role="img" '
        'font-family="system-ui, sans-serif" font-size="15">\n'
        "  <title>Wilson intervals of 1 of 2, 4 of 10, 40 of 100 and 400 of 1,000: the more "
        f"companies, the shorter</title>\n  {inner}\n</svg>\n"
    )


def figures() -> dict[str, str]:
    """Return the lesson's pictures by file name."""
    return {"intervals.svg": intervals()}
