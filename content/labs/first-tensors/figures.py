"""The pictures of the lesson; this file draws and knows nothing of the check."""

CELL = 40
INK, ACCENT, MUTED = "currentColor", "var(--accent, #3b6cf6)", "var(--muted, #8a8f98)"


def text(x: float, y: float, words: str, colour: str = INK, size: int = 17) -> str:
    """A centred piece of text."""
    return (
        f'<text x="{x}" y="{y}" fill="{colour}" font-size="{size}" text-anchor="middle" '
        f'dominant-baseline="central">{words}</text>'
    )


def table(x: float, y: float, rows: list[list[int]], marked: int) -> str:
    """A grid of numbers; those of the run's first `marked` places are tinted."""
    parts = []
    for i, row in enumerate(rows):
        for j, number in enumerate(row):
            on = number < marked
            parts.append(
                f'<rect x="{x + j * CELL}" y="{y + i * CELL}" width="{CELL}" height="{CELL}" '
                f'rx="4" fill="{ACCENT if on else "none"}" fill-opacity="0.16" '
                f'stroke="{ACCENT if on else MUTED}"/>'
            )
            parts.append(text(x + (j + 0.5) * CELL, y + (i + 0.5) * CELL, str(number)))
    return "".join(parts)


def reshape_or_transpose() -> str:
    """One run of six numbers as x, as x.reshape(3, 2) and as x.T."""
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 300" role="img">',
        "<title>The run 0 to 5 as x, as x.reshape(3, 2) and as x.T</title>",
        table(200, 40, [[0, 1, 2, 3, 4, 5]], 3),
        text(100, 60, "the run in memory", MUTED, 15),
        table(60, 140, [[0, 1, 2], [3, 4, 5]], 3),
        text(120, 120, "x, strides (3, 1)", MUTED, 15),
        table(290, 140, [[0, 1], [2, 3], [4, 5]], 3),
        text(330, 120, "x.reshape(3, 2), strides (2, 1)", MUTED, 15),
        table(520, 140, [[0, 3], [1, 4], [2, 5]], 3),
        text(550, 120, "x.T, strides (1, 3)", MUTED, 15),
        text(
            320,
            282,
            "the first row of x is tinted: only x.T keeps it together, as a column",
            INK,
            15,
        ),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def figures() -> dict[str, str]:
    """Every picture of the lesson by its file name."""
    return {"reshape-or-transpose.svg": reshape_or_transpose()}
