"""The picture of the lesson: what three suites accept, among right and wrong functions."""

# (x, y) inside a panel 200 wide: functions that keep the contract, and ones that do not.
RIGHT = [(84, 92), (112, 84), (100, 118), (124, 110)]
WRONG = [(52, 78), (64, 132), (146, 140), (158, 92), (104, 152), (90, 56), (132, 62)]

# name, x, y, rx, ry of what the suite accepts
SUITES = [
    ("too loose", 100, 104, 70, 58),
    ("too tight", 90, 106, 26, 24),
    ("as the contract says", 104, 101, 36, 31),
]


def panel(left: int, name: str, x: int, y: int, rx: int, ry: int) -> list[str]:
    """Return one suite with all functions around it."""
    parts = [
        f'<text x="{left + 100}" y="30" text-anchor="middle" font-weight="bold">{name}</text>',
        f'<ellipse cx="{left + x}" cy="{y}" rx="{rx}" ry="{ry}" fill="none" '
        'stroke="var(--accent, #3b6cf6)" stroke-width="2.5"/>',
    ]
    parts += [f'<circle cx="{left + a}" cy="{b}" r="5" fill="currentColor"/>' for a, b in RIGHT]
    parts += [
        f'<path d="M{left + a - 5} {b - 5} l10 10 m0 -10 l-10 10" '
        'stroke="var(--muted, #8a8f98)" stroke-width="2.5"/>'
        for a, b in WRONG
    ]
    return parts


def figures() -> dict[str, str]:
    """Return the lesson's figures by file name."""
    title = "What three suites let pass: dots are right functions, crosses are wrong ones"
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 220" role="img" '
        'font-family="sans-serif" font-size="15" fill="currentColor">',
        f"<title>{title}</title>",
    ]
    for place, suite in enumerate(SUITES):
        parts += panel(10 + 210 * place, *suite)
    parts += [
        '<circle cx="60" cy="200" r="5" fill="currentColor"/><text x="72" y="205">right</text>',
        '<path d="M135 195 l10 10 m0 -10 l-10 10" stroke="var(--muted, #8a8f98)" '
        'stroke-width="2.5"/><text x="154" y="205">wrong in one way</text>',
        '<ellipse cx="330" cy="200" rx="14" ry="8" fill="none" '
        'stroke="var(--accent, #3b6cf6)" stroke-width="2.5"/>'
        '<text x="352" y="205">all tests pass in here</text>',
        "</svg>",
    ]
    return {"three-suites.svg": "\n".join(parts) + "\n"}
