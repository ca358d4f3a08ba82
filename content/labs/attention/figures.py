"""The pictures of the lesson; this file draws and knows nothing of the check."""

CELL = 36
INK, ACCENT, MUTED = "currentColor", "var(--accent, #3b6cf6)", "var(--muted, #8a8f98)"


def text(x: float, y: float, words: str, colour: str = INK, size: int = 15) -> str:
    """A centred piece of text."""
    return (
        f'<text x="{x}" y="{y}" fill="{colour}" font-size="{size}" text-anchor="middle" '
        f'dominant-baseline="central">{words}</text>'
    )


def grid(x: float, y: float, may: list[list[bool]]) -> str:
    """Queries down, keys across; a filled cell may be looked at."""
    parts = []
    for i, row in enumerate(may):
        for j, allowed in enumerate(row):
            parts.append(
                f'<rect x="{x + j * CELL}" y="{y + i * CELL}" width="{CELL}" height="{CELL}" '
                f'rx="4" fill="{ACCENT if allowed else "none"}" fill-opacity="0.35" '
                f'stroke="{MUTED}"/>'
            )
    side = len(may)
    for place in range(side):
        parts.append(text(x + (place + 0.5) * CELL, y - 14, str(place), MUTED))
        parts.append(text(x - 16, y + (place + 0.5) * CELL, str(place), MUTED))
    parts.append(text(x + side * CELL / 2, y - 38, "keys", MUTED))
    return "".join(parts)


def masks() -> str:
    """A causal mask and a padding mask over five places."""
    causal = [[j <= i for j in range(5)] for i in range(5)]
    padding = [[j < 3 for j in range(5)] for _ in range(5)]
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 310" role="img">',
        "<title>Left a causal mask, right a padding mask; filled cells may be looked at</title>",
        grid(90, 66, causal),
        grid(390, 66, padding),
        text(34, 66 + 2.5 * CELL, "queries", MUTED),
        text(90 + 2.5 * CELL, 272, "causal: itself and before"),
        text(390 + 2.5 * CELL, 272, "padding: a sequence of length 3"),
        text(320, 298, "a filled cell may be looked at", MUTED),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def figures() -> dict[str, str]:
    """Every picture of the lesson by its file name."""
    return {"masks.svg": masks()}
