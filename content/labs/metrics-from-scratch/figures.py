"""The picture of the lesson: pairs of positives and negatives on the line of scores."""

WIDTH = 640
INK, ACCENT, MUTED = "currentColor", "var(--accent, #3b6cf6)", "var(--muted, #8a8f98)"
POSITIVE, NEGATIVE = [0.8, 0.4], [0.4, 0.2]


def figures() -> dict[str, str]:
    """Return file name to SVG text."""
    return {"pairs.svg": pairs()}


def at(score: float) -> float:
    """Where a score lies on the line."""
    return 60 + 560 * score


def pairs() -> str:
    """Positives above the line, negatives below it, an edge for each pair."""
    parts = [f'<line x1="60" y1="140" x2="620" y2="140" stroke="{MUTED}" stroke-width="1"/>']
    for high in POSITIVE:
        for low in NEGATIVE:
            dash = ' stroke-dasharray="6 5"' if high == low else ""
            parts.append(
                f'<line x1="{at(high):.0f}" y1="80" x2="{at(low):.0f}" y2="200" '
                f'stroke="{MUTED}" stroke-width="2"{dash}/>'
            )
    for score in POSITIVE:
        parts.append(f'<circle cx="{at(score):.0f}" cy="80" r="11" fill="{ACCENT}"/>')
    for score in NEGATIVE:
        parts.append(
            f'<circle cx="{at(score):.0f}" cy="200" r="10" fill="none" '
            f'stroke="{INK}" stroke-width="3"/>'
        )
    for score in (0.2, 0.4, 0.8):
        parts.append(label(at(score) + 8, 160, f"{score:g}", MUTED))
    parts.append(label(60, 50, "positives", ACCENT))
    parts.append(label(60, 244, "negatives"))
    parts.append(label(400, 190, "3 pairs in order"))
    parts.append(label(400, 214, "1 tie (dashed) is a half"))
    parts.append(label(400, 238, "AUC = 3.5 / 4"))
    body = "\n  ".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} 264" role="img">\n'
        f"  <title>Pairs of one positive and one negative score</title>\n  {body}\n</svg>\n"
    )


def label(x: float, y: float, text: str, colour: str = INK) -> str:
    """A text of a readable size."""
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="16" font-family="sans-serif" '
        f'fill="{colour}">{text}</text>'
    )
