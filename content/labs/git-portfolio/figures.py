"""The picture of the lesson: the repository as the learner gets it."""

# name: (x, y); the commit without a label is named by nothing
COMMITS = {
    "first": (60, 110),
    "second": (160, 110),
    "longer": (290, 110),
    "lost": (400, 110),
    "wide": (260, 180),
    "slow": (370, 180),
    "licence": (290, 40),
}
PARENTS = [
    ("second", "first"),
    ("longer", "second"),
    ("lost", "longer"),
    ("wide", "second"),
    ("slow", "wide"),
    ("licence", "second"),
]


def line(child: str, parent: str) -> str:
    """Return the line from a commit to its parent."""
    (x, y), (a, b) = COMMITS[child], COMMITS[parent]
    dashes = ' stroke-dasharray="5 5"' if child == "lost" else ""
    return f'<path d="M{x} {y} L{a} {b}" stroke="currentColor" stroke-width="2"{dashes}/>'


def figures() -> dict[str, str]:
    """Return the lesson's figures by file name."""
    title = "main, wider-network and the server's main have diverged; one commit has no name"
    accent, muted = "var(--accent, #3b6cf6)", "var(--muted, #8a8f98)"
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 225" role="img" '
        'font-family="sans-serif" font-size="15" fill="currentColor">',
        f"<title>{title}</title>",
        *(line(child, parent) for child, parent in PARENTS),
    ]
    for name, (x, y) in COMMITS.items():
        colour = muted if name == "lost" else accent if name == "licence" else "currentColor"
        parts.append(f'<circle cx="{x}" cy="{y}" r="9" fill="{colour}"/>')
    parts += [
        '<text x="150" y="90" text-anchor="middle">adds .env</text>',
        '<text x="290" y="92" text-anchor="middle" font-weight="bold">main</text>',
        '<text x="386" y="185" font-weight="bold">wider-network</text>',
        f'<text x="306" y="45" fill="{accent}">the server\'s main: not with you yet</text>',
        f'<text x="416" y="115" fill="{muted}">no name: it is lost</text>',
        "</svg>",
    ]
    return {"before.svg": "\n".join(parts) + "\n"}
