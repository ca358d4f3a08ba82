"""The pictures of the lesson; this file draws and knows nothing of the check."""

P = [[1, 2, 3], [0, 1, 0]]
Q = [[4, 1], [5, 0], [6, 2]]
CELL = 44
INK, ACCENT, MUTED = "currentColor", "var(--accent, #3b6cf6)", "var(--muted, #8a8f98)"


def text(x: float, y: float, words: str, colour: str = INK, size: int = 18) -> str:
    """A centred piece of text."""
    return (
        f'<text x="{x}" y="{y}" fill="{colour}" font-size="{size}" text-anchor="middle" '
        f'dominant-baseline="central">{words}</text>'
    )


def cells(x: float, y: float, numbers: list[list[int]], marked: set[tuple[int, int]]) -> str:
    """A matrix as a grid of cells, some of them marked."""
    parts = []
    for i, row in enumerate(numbers):
        for j, number in enumerate(row):
            on = (i, j) in marked
            left, top = x + j * CELL, y + i * CELL
            parts.append(
                f'<rect x="{left}" y="{top}" width="{CELL}" height="{CELL}" rx="4" '
                f'fill="{ACCENT if on else "none"}" fill-opacity="0.18" '
                f'stroke="{ACCENT if on else MUTED}" stroke-width="{2 if on else 1}"/>'
            )
            parts.append(text(left + CELL / 2, top + CELL / 2, str(number)))
    return "".join(parts)


def row_meets_column() -> str:
    """P on the left, Q above, and PQ where the rows of one meet the columns of the other."""
    product = [[sum(p * q for p, q in zip(row, col)) for col in zip(*Q)] for row in P]
    left, top, x, y = 130, 210, 310, 40
    arrow = f'stroke="{ACCENT}" stroke-width="2" stroke-dasharray="5 4" fill="none"'
    corner = (x + 1.5 * CELL, top + 0.5 * CELL)
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 320" role="img">',
        "<title>Row 0 of P and column 1 of Q meet in row 0, column 1 of PQ</title>",
        cells(left, top, P, {(0, 0), (0, 1), (0, 2)}),
        cells(x, y, Q, {(0, 1), (1, 1), (2, 1)}),
        cells(x, top, product, {(0, 1)}),
        f'<path d="M{left + 3 * CELL + 4} {corner[1]} H{x - 4}" {arrow}/>',
        f'<path d="M{corner[0]} {y + 3 * CELL + 4} V{top - 4}" {arrow}/>',
        text(left - 56, top + CELL, "P is 2 × 3", MUTED, 15),
        text(x + 2 * CELL + 56, y + 1.5 * CELL, "Q is 3 × 2", MUTED, 15),
        text(x + 2 * CELL + 60, top + 1.5 * CELL, "PQ is 2 × 2", MUTED, 15),
        text(x + 2 * CELL + 104, top + 0.5 * CELL, "1·1 + 2·0 + 3·2 = 7", ACCENT, 16),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def figures() -> dict[str, str]:
    """Every picture of the lesson by its file name."""
    return {"row-meets-column.svg": row_meets_column()}
