"""The picture of the lesson: cause, symptom and report on the way of one wrong value."""

# x, name, what happens there, what the learner sees there
PLACES = [
    (110, "cause", "a wrong value is made", "nothing happens"),
    (330, "symptom", "a right line meets it", "TypeError"),
    (540, "report", "an except replaces it", "RuntimeError"),
]
Y = 80


def place(x: int, name: str, event: str, seen: str) -> list[str]:
    """Return one of the three places."""
    return [
        f'<circle cx="{x}" cy="{Y}" r="9" fill="var(--accent, #3b6cf6)"/>',
        f'<text x="{x}" y="{Y - 26}" text-anchor="middle" font-weight="bold">{name}</text>',
        f'<text x="{x}" y="{Y + 34}" text-anchor="middle">{event}</text>',
        f'<text x="{x}" y="{Y + 56}" text-anchor="middle" '
        f'fill="var(--muted, #8a8f98)">{seen}</text>',
    ]


def figures() -> dict[str, str]:
    """Return the lesson's figures by file name."""
    title = "The cause makes a wrong value, the symptom raises, the report is what the log shows"
    head = f'<path d="M140 {Y + 82} l-10 6 l10 6" fill="none" stroke="var(--accent, #3b6cf6)"'
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 205" role="img" '
        'font-family="sans-serif" font-size="15" fill="currentColor">',
        f"<title>{title}</title>",
        f'<path d="M125 {Y} H312 m-9 -6 l9 6 l-9 6 M345 {Y} H522 m-9 -6 l9 6 l-9 6" fill="none" '
        'stroke="currentColor" stroke-width="2"/>',
        f'<path d="M520 {Y + 88} H130" stroke="var(--accent, #3b6cf6)" stroke-width="2" '
        'stroke-dasharray="6 5"/>',
        f'{head} stroke-width="2"/>',
        f'<text x="325" y="{Y + 112}" text-anchor="middle" '
        'fill="var(--accent, #3b6cf6)">you walk back, looking at values</text>',
    ]
    for each in PLACES:
        parts += place(*each)
    parts.append("</svg>")
    return {"three-places.svg": "\n".join(parts) + "\n"}
