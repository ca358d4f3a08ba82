"""The picture of the lesson: how often an A/A test is shipped, by the number of looks."""

import numpy as np

INK, ACCENT, MUTED = "currentColor", "var(--accent, #3b6cf6)", "var(--muted, #8a8f98)"
LOOKS = 20


def figures() -> dict[str, str]:
    """Return file name to SVG text."""
    return {"peeking.svg": peeking()}


def shipped() -> list[float]:
    """Share of 100,000 A/A tests whose z passes 1.96 at one of the first k looks, k = 1 to 20."""
    steps = np.random.default_rng(5).normal(size=(100_000, LOOKS))
    z = steps.cumsum(axis=1) / np.sqrt(np.arange(1, LOOKS + 1))
    return np.maximum.accumulate(z > 1.96, axis=1).mean(axis=0).tolist()


def place(look: float, share: float) -> tuple[float, float]:
    """Where a look and a share lie in the picture."""
    return 70 + 26 * look, 230 - 1400 * share


def peeking() -> str:
    """A point for each number of looks, and the level that was promised."""
    shares = shipped()
    left, right = place(0, 0)[0], place(LOOKS, 0)[0]
    parts = []
    for share in (0.0, 0.05, 0.1):
        y = place(0, share)[1]
        parts.append(
            f'<line x1="{left:.0f}" y1="{y:.0f}" x2="{right + 10:.0f}" y2="{y:.0f}" '
            f'stroke="{MUTED}" stroke-width="0.5"/>'
        )
        parts.append(label(26, y + 5, f"{100 * share:.0f} %", MUTED))
    y = place(0, 0.025)[1]
    parts.append(
        f'<line x1="{left:.0f}" y1="{y:.0f}" x2="{right + 10:.0f}" y2="{y:.0f}" '
        f'stroke="{INK}" stroke-width="2" stroke-dasharray="6 5"/>'
    )
    parts.append(label(330, y - 8, "one look, as it was planned"))
    for look, share in enumerate(shares, 1):
        x, y = place(look, share)
        parts.append(f'<circle cx="{x:.0f}" cy="{y:.1f}" r="6" fill="{ACCENT}"/>')
    for look in (1, 5, 10, 15, 20):
        parts.append(label(place(look, 0)[0] - 6, 252, f"{look}", MUTED))
    parts.append(label(70, 30, "shipped without an effect", ACCENT))
    parts.append(label(290, 276, "looks", MUTED))
    body = "\n  ".join(parts)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 288" role="img">\n'
        f"  <title>The share of A/A tests that are shipped, by the number of looks</title>\n"
        f"  {body}\n</svg>\n"
    )


def label(x: float, y: float, text: str, colour: str = INK) -> str:
    """A text of a readable size."""
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="16" font-family="sans-serif" '
        f'fill="{colour}">{text}</text>'
    )
