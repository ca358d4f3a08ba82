"""Draws how batches gather, and what a closed loop leaves out."""

INK, ACCENT, MUTED = "currentColor", "var(--accent, #3b6cf6)", "var(--muted, #8a8f98)"


def svg(name, height, title, parts):
    """A picture of the usual width."""
    inner = "\n  ".join(parts)
    return {
        name: f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 {height}" role="img" '
        'font-family="system-ui, sans-serif" font-size="14">\n'
        f"  <title>{title}</title>\n  {inner}\n</svg>\n"
    }


def text(x, y, words, ink=INK, anchor="start"):
    return f'<text x="{x:g}" y="{y:g}" fill="{ink}" text-anchor="{anchor}">{words}</text>'


def line(x1, y1, x2, y2, ink=INK, width=1.5, dashes=""):
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<path d="M{x1:g} {y1:g} L{x2:g} {y2:g}" stroke="{ink}" stroke-width="{width:g}" '
        f'fill="none"{dashed}/>'
    )


def box(x, y, width, words):
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="34" rx="5" fill="{ACCENT}" '
        f'fill-opacity="0.2" stroke="{ACCENT}"/>'
        + text(x + width / 2, y + 22, words, anchor="middle")
    )


def dot(x, y, ink=INK, radius=4.5):
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{ink}"/>'


def batches():
    """Three batches: one after max_wait, one that gathered during a call, one that was full."""
    first, second = (40, 62, 84), (126, 152, 180, 202, 224)
    third = (254, 270, 286, 300, 316, 334, 352, 376)
    parts = [text(16, 26, "requests come"), text(16, 136, "the model")]
    parts += [dot(x + 70, 52) for x in (*first, *second, *third)]
    parts += [
        line(110, 72, 180, 72, MUTED),
        line(110, 67, 110, 77, MUTED),
        line(180, 67, 180, 77, MUTED),
        text(145, 92, "max_wait", MUTED, "middle"),
        box(180, 146, 130, "3 rows"),
        box(312, 146, 150, "5 rows"),
        box(464, 146, 166, "8 rows: full"),
        line(180, 78, 180, 144, MUTED, 1, "4 4"),
        line(312, 62, 312, 144, MUTED, 1, "4 4"),
        line(464, 62, 464, 144, MUTED, 1, "4 4"),
        text(246, 122, "5 gather meanwhile", MUTED, "middle"),
        text(388, 122, "8 gather meanwhile", MUTED, "middle"),
    ]
    title = (
        "Three requests wait for max_wait and go in one call; those that come while the model "
        "computes go in the next call"
    )
    return svg("batches.svg", 200, title, parts)


def omission():
    """Starts as dots, waits as lines: all that were due, and what a closed loop sends."""
    begin, end, left = 250, 490, 130
    due = range(left, 600, 24)
    parts = [
        f'<rect x="{begin}" y="36" width="{end - begin}" height="210" fill="{MUTED}" '
        'fill-opacity="0.18"/>',
        text((begin + end) / 2, 26, "the service stands still", MUTED, "middle"),
        text(16, 84, "open loop"),
        text(16, 232, "closed loop"),
    ]
    rows = 0
    for x in due:
        is_held = begin <= x < end
        y = 60 + (15 * rows if is_held else 0)
        rows += is_held
        parts += [line(x, y, end + 6 if is_held else x + 9, y, ACCENT, 3), dot(x, y)]
    for x in due:
        if x < begin:
            parts += [line(x, 228, x + 9, 228, ACCENT, 3), dot(x, 228)]
    held = next(x for x in due if x >= begin)
    parts += [line(held, 228, end + 6, 228, ACCENT, 3), dot(held, 228)]
    for x in due:
        if x > end + 6:
            parts += [line(x, 228, x + 9, 228, ACCENT, 3), dot(x, 228)]
    title = (
        "During a standstill the open loop sends ten requests, of which each waits until its end; "
        "the closed loop sends one"
    )
    return svg("omission.svg", 262, title, parts)


def figures() -> dict[str, str]:
    """Return the lesson's pictures by file name."""
    return {**batches(), **omission()}
