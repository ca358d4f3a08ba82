"""Draws which months train and which month judges, in three ways."""

ACCENT, MUTED = "var(--accent, #3b6cf6)", "var(--muted, #8a8f98)"
MONTHS = ("7", "8", "9", "10")
WAYS = (
    ("9 trains and judges", "TTB.", "wrong labels pass"),
    ("9 judges", "TTG.", "refused: wait"),
    ("10 judges", "TTTG", "real change passes"),
)


def box(x, y, kind):
    """One month: trained on, judging, both, or not there yet."""
    if kind == ".":
        return (
            f'<rect x="{x}" y="{y}" width="62" height="34" rx="6" fill="none" stroke="{MUTED}" '
            'stroke-dasharray="4 4"/>'
        )
    words = {"T": "train", "G": "gate", "B": "both"}[kind]
    strength = {"T": 0.07, "G": 0.35, "B": 0.2}[kind]
    return (
        f'<rect x="{x}" y="{y}" width="62" height="34" rx="6" fill="{ACCENT}" '
        f'fill-opacity="{strength}" stroke="{ACCENT}"/>'
        f'<text x="{x + 31}" y="{y + 22}" text-anchor="middle" fill="currentColor">{words}</text>'
    )


def gate():
    parts = []
    for place, name in enumerate(MONTHS):
        x = 190 + 74 * place
        parts.append(f'<text x="{x + 31}" y="22" text-anchor="middle" fill="{MUTED}">{name}</text>')
    parts.append(f'<text x="12" y="22" fill="{MUTED}">month</text>')
    for row, (name, kinds, outcome) in enumerate(WAYS):
        y = 38 + 54 * row
        parts.append(f'<text x="12" y="{y + 22}" fill="currentColor">{name}</text>')
        parts += [box(190 + 74 * place, y, kind) for place, kind in enumerate(kinds)]
        parts.append(f'<text x="496" y="{y + 22}" fill="currentColor">{outcome}</text>')
    inner = "\n  ".join(parts)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 200" role="img" '
        'font-family="system-ui, sans-serif" font-size="15">\n'
        "  <title>Which months train and which one judges: the same month on both sides lets wrong "
        f"labels pass, the next month does not</title>\n  {inner}\n</svg>\n"
    )


def figures() -> dict[str, str]:
    """Return the lesson's pictures by file name."""
    return {"gate.svg": gate()}
