"""The two pictures of the lesson, drawn from the numbers in it."""

WIDTH = 640
INK, ACCENT, MUTED = "currentColor", "var(--accent, #3b6cf6)", "var(--muted, #8a8f98)"


def figures() -> dict[str, str]:
    """Return file name to SVG text."""
    return {"line.svg": line(), "valley.svg": valley()}


def line() -> str:
    """Three points, y = 2.5 x - 1, its errors, and where it leaves the data."""

    def at(x: float, y: float) -> tuple[float, float]:
        return 90 + 120 * x, 280 - 28 * y

    def stroke(x1: float, x2: float, extra: str = "") -> str:
        (ax, ay), (bx, by) = at(x1, 2.5 * x1 - 1), at(x2, 2.5 * x2 - 1)
        return (
            f'<line x1="{ax:.0f}" y1="{ay:.0f}" x2="{bx:.0f}" y2="{by:.0f}" '
            f'stroke="{ACCENT}" stroke-width="3"{extra}/>'
        )

    parts = [axis(60, 280, 600, 280), axis(90, 300, 90, 24)]
    parts += [stroke(1, 3), stroke(0.5, 1, ' stroke-dasharray="7 6"')]
    parts += [stroke(3, 3.75, ' stroke-dasharray="7 6"')]
    for x, y in [(1, 2), (2, 3), (3, 7)]:
        px, py = at(x, y)
        _, fitted = at(x, 2.5 * x - 1)
        parts.append(
            f'<line x1="{px:.0f}" y1="{py:.0f}" x2="{px:.0f}" y2="{fitted:.0f}" '
            f'stroke="{INK}" stroke-width="2"/>'
        )
        parts.append(f'<circle cx="{px:.0f}" cy="{py:.0f}" r="6" fill="{INK}"/>')
        parts.append(label(px, 300, str(x), "middle"))
    parts.append(label(150, 130, "errors −0.5, 1, −0.5: they sum to 0"))
    parts.append(label(470, 190, "no data here:", colour=MUTED))
    parts.append(label(470, 210, "the line guesses", colour=MUTED))
    parts.append(label(232, 70, "slope 2.5, intercept −1", colour=ACCENT))
    return svg("A least-squares line through three points", 320, parts)


def valley() -> str:
    """Contours of (w1 + 2 w2 - 2)^2 as parallel lines, the floor, and its point nearest to 0."""

    def at(w1: float, w2: float) -> tuple[float, float]:
        return 150 + 110 * w1, 250 - 110 * w2

    parts = [axis(70, 250, 560, 250), axis(150, 310, 150, 24)]
    for level in (-0.8, -0.4, 0.4, 0.8):
        (ax, ay), (bx, by) = at(-0.6, (2.6 + level) / 2), at(2.6, (level - 0.6) / 2)
        parts.append(
            f'<line x1="{ax:.0f}" y1="{ay:.0f}" x2="{bx:.0f}" y2="{by:.0f}" stroke="{MUTED}" '
            f'stroke-width="1.5" opacity="{1.1 - abs(level):.2f}"/>'
        )
    (ax, ay), (bx, by) = at(-0.6, 1.3), at(2.6, -0.3)
    parts.append(
        f'<line x1="{ax:.0f}" y1="{ay:.0f}" x2="{bx:.0f}" y2="{by:.0f}" '
        f'stroke="{ACCENT}" stroke-width="3.5"/>'
    )
    (zx, zy), (px, py) = at(0, 0), at(0.4, 0.8)
    parts.append(
        f'<line x1="{zx:.0f}" y1="{zy:.0f}" x2="{px:.0f}" y2="{py:.0f}" '
        f'stroke="{INK}" stroke-width="2" stroke-dasharray="5 5"/>'
    )
    parts.append(f'<circle cx="{px:.0f}" cy="{py:.0f}" r="7" fill="{INK}"/>')
    parts.append(
        f'<line x1="{px + 8:.0f}" y1="{py - 8:.0f}" x2="262" y2="70" stroke="{INK}" '
        f'stroke-width="1"/>'
    )
    parts.append(label(250, 58, "nearest to zero: (0.4, 0.8)"))
    parts.append(label(445, 292, "floor: w₁ + 2 w₂ = 2", colour=ACCENT))
    parts.append(label(556, 270, "w₁", "end"))
    parts.append(label(138, 34, "w₂", "end"))
    return svg("The error over two coefficients of a doubled column is a valley", 320, parts)


def axis(x1: float, y1: float, x2: float, y2: float) -> str:
    """A thin line."""
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{MUTED}" stroke-width="1"/>'


def label(x: float, y: float, text: str, anchor: str = "start", colour: str = INK) -> str:
    """A text of a readable size."""
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="16" font-family="sans-serif" '
        f'text-anchor="{anchor}" fill="{colour}">{text}</text>'
    )


def svg(title: str, height: int, parts: list[str]) -> str:
    """The parts in one picture that a screen reader can name."""
    body = "\n  ".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">\n'
        f"  <title>{title}</title>\n  {body}\n</svg>\n"
    )
