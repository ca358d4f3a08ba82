"""Draws what two services answer while their model loads."""

LEFT, RIGHT, LOADED = 150, 616, 430
ACCENT, MUTED = "var(--accent, #3b6cf6)", "var(--muted, #8a8f98)"


def bar(y, start, end, words, filled, dashed=False):
    """A stretch of time, with what is answered in it."""
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    colour = ACCENT if filled else "none"
    return (
        f'<rect x="{start}" y="{y}" width="{end - start}" height="28" rx="5" fill="{colour}" '
        f'fill-opacity="0.25" stroke="{ACCENT if not dashed else MUTED}"{dash}/>'
        f'<text x="{(start + end) / 2}" y="{y + 19}" text-anchor="middle" fill="currentColor">'
        f"{words}</text>"
    )


def start():
    parts = [
        f'<text x="{LEFT}" y="24" fill="{MUTED}">the model is loading</text>',
        f'<text x="{LOADED + 8}" y="24" fill="{MUTED}">loaded</text>',
        f'<path d="M{LOADED} 10 V214" stroke="{MUTED}" stroke-dasharray="3 4"/>',
        '<text x="16" y="59" fill="currentColor" font-weight="bold">loads first</text>',
        bar(40, LEFT, LOADED - 2, "no answer at all", False, dashed=True),
        bar(40, LOADED + 2, RIGHT, "alive, ready", True),
        '<text x="16" y="129" fill="currentColor" font-weight="bold">loads beside</text>',
        '<text x="60" y="166" fill="currentColor">/health</text>',
        bar(147, LEFT, RIGHT, "200", True),
        '<text x="60" y="203" fill="currentColor">/ready</text>',
        bar(184, LEFT, LOADED - 2, "503", False),
        bar(184, LOADED + 2, RIGHT, "200", True),
    ]
    inner = "\n  ".join(parts)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 226" role="img" '
        'font-family="system-ui, sans-serif" font-size="15">\n'
        "  <title>A service that loads first is silent until the model is there; one that loads "
        f"beside is alive at once and ready later</title>\n  {inner}\n</svg>\n"
    )


def figures() -> dict[str, str]:
    """Return the lesson's pictures by file name."""
    return {"start.svg": start()}
