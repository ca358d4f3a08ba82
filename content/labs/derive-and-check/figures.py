"""The pictures of the lesson; this file draws and knows nothing of the check."""

INK, ACCENT, MUTED = "currentColor", "var(--accent, #3b6cf6)", "var(--muted, #8a8f98)"
LINKS = [("x = 2", "ε"), ("u = 3x² = 12", "12 ε"), ("g = log u = 2.48", "1 ε")]
SLOPES = ["du/dx = 6x = 12", "dg/du = 1/u = 1/12"]


def text(x: float, y: float, words: str, colour: str = INK, size: int = 16) -> str:
    """A centred piece of text."""
    return (
        f'<text x="{x}" y="{y}" fill="{colour}" font-size="{size}" text-anchor="middle" '
        f'dominant-baseline="central">{words}</text>'
    )


def chain_of_slopes() -> str:
    """x, u and g as boxes; the slopes of the links stand between them."""
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 200" role="img">',
        "<title>A step in x is multiplied by 12 and then by 1/12</title>",
    ]
    for place, (name, moved) in enumerate(LINKS):
        left = 10 + place * 236
        parts.append(
            f'<rect x="{left}" y="60" width="148" height="48" rx="8" fill="none" stroke="{MUTED}"/>'
        )
        parts.append(text(left + 74, 84, name))
        parts.append(text(left + 74, 132, f"moves by {moved}", ACCENT, 15))
    for place, slope in enumerate(SLOPES):
        left = 158 + place * 236
        parts.append(
            f'<path d="M{left + 6} 84 H{left + 80} m-8 -6 l8 6 l-8 6" fill="none" '
            f'stroke="{INK}" stroke-width="1.5"/>'
        )
        parts.append(text(left + 44, 36, slope, MUTED, 15))
    parts += [text(320, 176, "dg/dx = 12 · 1/12 = 1", INK, 16), "</svg>"]
    return "\n".join(parts) + "\n"


def figures() -> dict[str, str]:
    """Every picture of the lesson by its file name."""
    return {"chain-of-slopes.svg": chain_of_slopes()}
