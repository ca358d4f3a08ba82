"""Draws what a crash does in the two orders of writing and committing."""

ACCENT, MUTED = "var(--accent, #3b6cf6)", "var(--muted, #8a8f98)"
STEPS = (150, 270, 390)
WIDTH = 92


def step(x, y, words, done=True):
    """One step of a worker; dashed where it is never reached."""
    style = f'fill="{ACCENT}" fill-opacity="0.2" stroke="{ACCENT}"'
    if not done:
        style = f'fill="none" stroke="{MUTED}" stroke-dasharray="5 4"'
    return (
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="32" rx="6" {style}/>'
        f'<text x="{x + WIDTH / 2}" y="{y + 21}" text-anchor="middle" '
        f'fill="{"currentColor" if done else MUTED}">{words}</text>'
    )


def crash(x, y):
    """A cross between two steps."""
    return (
        f'<path d="M{x - 8} {y - 8} L{x + 8} {y + 8} M{x - 8} {y + 8} L{x + 8} {y - 8}" '
        'stroke="currentColor" stroke-width="2.5"/>'
    )


def row(y, name, words, done):
    """One life of a worker: its steps, and the crash after the last that was reached."""
    parts = [f'<text x="16" y="{y + 21}" fill="currentColor">{name}</text>']
    parts += [
        step(x, y, word, place < done)
        for place, (x, word) in enumerate(zip(STEPS, words, strict=True))
    ]
    if done < len(words):
        parts.append(crash(STEPS[done] - 14, y + 16))
    return parts


def outcome(y, words):
    return [f'<text x="498" y="{y + 21}" fill="currentColor">{words}</text>']


def orders():
    parts = [
        '<text x="16" y="26" fill="currentColor" font-weight="bold">commit, then write</text>',
        *row(40, "first life", ("read 7", "commit 8", "write"), 2),
        *row(84, "second life", ("read 8", "commit 9", "write"), 3),
        *outcome(84, "7 is lost"),
        '<text x="16" y="156" fill="currentColor" font-weight="bold">write, then commit</text>',
        *row(170, "first life", ("read 7", "write", "commit 8"), 2),
        *row(214, "second life", ("read 7", "write", "commit 8"), 3),
        *outcome(214, "7 comes twice"),
    ]
    inner = "\n  ".join(parts)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 262" role="img" '
        'font-family="system-ui, sans-serif" font-size="15">\n'
        "  <title>A crash between commit and write loses message 7; a crash between write and "
        f"commit makes message 7 come twice</title>\n  {inner}\n</svg>\n"
    )


def figures() -> dict[str, str]:
    """Return the lesson's pictures by file name."""
    return {"orders.svg": orders()}
