"""The pictures of the lesson; this file draws and knows nothing of the check."""

INK, ACCENT, MUTED = "currentColor", "var(--accent, #3b6cf6)", "var(--muted, #8a8f98)"
LEFT, RIGHT = 150, 620


def text(x: float, y: float, words: str, colour: str = INK, anchor: str = "middle") -> str:
    """A piece of text."""
    return (
        f'<text x="{x}" y="{y}" fill="{colour}" font-size="15" text-anchor="{anchor}" '
        f'dominant-baseline="central">{words}</text>'
    )


def picture(title: str, height: int, parts: list[str]) -> str:
    """An SVG with a title that a screen reader reads."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 {height}" role="img">'
    return "\n".join([head, f"<title>{title}</title>", *parts, "</svg>"]) + "\n"


def line_of_weights(y: float, words: str, step: float, weights: list[float]) -> list[str]:
    """A number line from -1 to 1 with the steps of a grid, and weights with where they go."""

    def place(value: float) -> float:
        return (LEFT + RIGHT) / 2 + value * (RIGHT - LEFT) / 2

    parts = [text(LEFT - 14, y, words, anchor="end")]
    parts.append(f'<line x1="{LEFT}" y1="{y}" x2="{RIGHT}" y2="{y}" stroke="{MUTED}"/>')
    n = int(1 / step + 1e-9)
    for k in range(-n, n + 1):
        x = place(k * step)
        parts.append(
            f'<line x1="{x:.1f}" y1="{y - 7}" x2="{x:.1f}" y2="{y + 7}" stroke="{MUTED}"/>'
        )
    for weight in weights:
        nearest = round(weight / step) * step
        a, b = place(weight), place(nearest)
        parts.append(
            f'<path d="M{a:.1f} {y - 24} L{b:.1f} {y - 3}" stroke="{ACCENT}" fill="none" '
            f'stroke-width="2"/><circle cx="{a:.1f}" cy="{y - 26}" r="4" fill="{ACCENT}"/>'
        )
    return parts


def grids() -> str:
    """The same five weights on the grid of another row, and on their own."""
    weights = [-0.82, -0.36, 0.13, 0.44, 0.93]
    parts = [
        *line_of_weights(60, "one scale", 1.0, weights),
        text((LEFT + RIGHT) / 2, 92, "the outlier of another row sets the step: 127 / 127", MUTED),
        *line_of_weights(160, "its own scale", 0.93 / 16, weights),
        text((LEFT + RIGHT) / 2, 192, "the row's own largest weight does: 0.93 / 127", MUTED),
        text((LEFT + RIGHT) / 2, 220, "(every eighth step is drawn)", MUTED),
    ]
    return picture(
        "Five weights between -1 and 1 on a grid of whole numbers, where they become -1, 0 or 1, "
        "and on a fine grid, where they stay nearly what they are",
        240,
        parts,
    )


def box(x: float, y: float, words: str, colour: str) -> str:
    """A box with a word in it."""
    return (
        f'<rect x="{x}" y="{y - 18}" width="112" height="36" rx="6" fill="{colour}" '
        f'fill-opacity="0.25" stroke="{colour}"/>' + text(x + 56, y, words)
    )


def arrow(x: float, y: float) -> str:
    """A short arrow to the right."""
    line = f"M{x} {y} h18 m-6 -5 l6 5 l-6 5"
    return f'<path d="{line}" stroke="{MUTED}" fill="none" stroke-width="1.5"/>'


def products() -> str:
    """What happens to the weights of two small files when they run."""
    rows = [
        (56, "weights only", ["int8 file", "to float", "float product", "float"], {2}),
        (136, "both sides", ["int8 file", "integer sum", "times scales", "float"], {1}),
    ]
    parts = []
    for y, words, steps, costly in rows:
        parts.append(text(20, y - 32, words, MUTED, "start"))
        for k, step in enumerate(steps):
            parts.append(box(20 + 152 * k, y + 4, step, ACCENT if k in costly else MUTED))
            if k:
                parts.append(arrow(20 + 152 * k - 29, y + 4))
    parts.append(text(320, 192, "blue: where the time goes, 65,536 products a text", MUTED))
    return picture(
        "A file with INT8 weights alone turns them into floats and multiplies floats; a file with "
        "INT8 on both sides multiplies integers and scales the sum",
        214,
        parts,
    )


def figures() -> dict[str, str]:
    """Every picture of the lesson by its file name."""
    return {"grids.svg": grids(), "products.svg": products()}
