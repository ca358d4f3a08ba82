"""A picture with one figure in it, for a page that shows how a lab or a repository stands.

It is drawn without a font file and without the network, so the widths are estimates.
"""

from html import escape

LETTER = 6.5
"""Pixels of a letter, on average, at eleven pixels of height."""
MARGIN = 6
HEIGHT = 20
GREY, GREEN, AMBER = "#555555", "#2e7d32", "#b26a00"


def badge(label: str, figure: str, good: bool) -> str:
    """Return an SVG picture: the label on grey, the figure on green, or on amber."""
    left, right = (round(len(text) * LETTER) + 2 * MARGIN for text in (label, figure))
    width, colour = left + right, GREEN if good else AMBER
    label, figure = escape(label), escape(figure)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{HEIGHT}" role="img">\n'
        f"<title>{label}: {figure}</title>\n"
        f'<rect width="{width}" height="{HEIGHT}" rx="3" fill="{colour}"/>\n'
        f'<path fill="{GREY}" d="M3 0H{left}V{HEIGHT}H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z"/>\n'
        '<g fill="#ffffff" font-family="Verdana, DejaVu Sans, sans-serif" font-size="11"'
        ' text-anchor="middle">\n'
        f'<text x="{left / 2:g}" y="14">{label}</text>\n'
        f'<text x="{left + right / 2:g}" y="14">{figure}</text>\n'
        "</g>\n</svg>\n"
    )
