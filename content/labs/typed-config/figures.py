"""The picture of the lesson: two ways to guard the same door."""

VALUES = ["0.01", "-1.0", "inf", "nan"]
BAD_LIST = [True, False, True, True]  # which values the question "is it bad?" lets in
GOOD_LIST = [True, False, False, False]  # which values the question "is it good?" lets in


def door(x: int, question: str, outcome: list[bool]) -> list[str]:
    """Return the elements of one door with an arrow for each value."""
    parts = [
        f'<text x="{x + 140}" y="34" text-anchor="middle" '
        f'font-family="monospace">{question}</text>',
        f'<path d="M{x + 150} 52 V236" stroke="currentColor" stroke-width="3" '
        'stroke-dasharray="6 5" fill="none"/>',
    ]
    for place, (value, enters) in enumerate(zip(VALUES, outcome, strict=True)):
        y = 76 + 46 * place
        wrong = enters and place > 0
        colour = "var(--accent, #3b6cf6)" if enters else "var(--muted, #8a8f98)"
        end = 218 if enters else 128
        parts.append(f'<text x="{x + 20}" y="{y + 5}" font-family="monospace">{value}</text>')
        parts.append(
            f'<path d="M{x + 70} {y} H{x + end} m-9 -6 l9 6 l-9 6" fill="none" '
            f'stroke="{colour}" stroke-width="2.5"/>'
        )
        if not enters:
            parts.append(f'<path d="M{x + 138} {y - 8} v16" stroke="{colour}" stroke-width="3"/>')
        if wrong:
            parts.append(f'<text x="{x + 230}" y="{y + 5}" font-weight="bold">comes in</text>')
    return parts


def figures() -> dict[str, str]:
    """Return the lesson's figures by file name."""
    title = "Looking for bad values lets infinity and NaN in; looking for good values does not"
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 250" role="img" '
        'font-family="sans-serif" font-size="15" fill="currentColor">',
        f"<title>{title}</title>",
        *door(0, "refuse if  lr &lt;= 0", BAD_LIST),
        *door(330, "accept if  0 &lt; lr &lt; inf", GOOD_LIST),
        "</svg>",
    ]
    return {"two-doors.svg": "\n".join(parts) + "\n"}
