"""The pictures of the lesson: layers that are deleted and still weigh, an edit in two orders."""

BEGIN = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 {height}" role="img" '
    'font-family="sans-serif" font-size="14" fill="currentColor">'
)
PLAIN = 'fill="none" stroke="currentColor" stroke-width="1.5"'
ACCENT = 'fill="none" stroke="var(--accent, #3b6cf6)" stroke-width="2.5"'
MUTED = 'fill="none" stroke="var(--muted, #8a8f98)" stroke-width="1.5" stroke-dasharray="5 4"'


def block(x: int, y: int, size: tuple[int, int], style: str, words: tuple[str, str]) -> list[str]:
    """Return a layer: a box with what made it on the left and its weight on the right."""
    width, height = size
    middle = y + height // 2 + 5
    return [
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="4" {style}/>',
        f'<text x="{x + 10}" y="{middle}">{words[0]}</text>',
        f'<text x="{x + width - 10}" y="{middle}" text-anchor="end">{words[1]}</text>',
    ]


def stacks() -> str:
    """Return one stage with a deleted compiler beside two stages without one."""
    parts = [
        BEGIN.format(height=262),
        "<title>One stage weighs 655 MB with the compiler that it deleted; "
        "of two stages the image weighs 425 MB</title>",
        '<text x="125" y="22" text-anchor="middle" font-weight="bold">one stage</text>',
        '<text x="455" y="22" text-anchor="middle" font-weight="bold">two stages</text>',
    ]
    parts += block(10, 190, (230, 34), PLAIN, ("python:3.12-slim", "125 MB"))
    parts += block(10, 130, (230, 54), ACCENT, ("install the compiler", "230 MB"))
    parts += block(10, 72, (230, 52), PLAIN, ("pip install", "300 MB"))
    parts += block(10, 38, (230, 28), MUTED, ("remove the compiler", "0 MB"))
    parts += block(280, 190, (150, 34), MUTED, ("base", "125"))
    parts += block(280, 130, (150, 54), MUTED, ("compiler", "230"))
    parts += block(280, 72, (150, 52), MUTED, ("pip install", "300"))
    parts += block(466, 190, (164, 34), PLAIN, ("base", "125 MB"))
    parts += block(466, 132, (164, 52), PLAIN, ("packages", "300 MB"))
    parts += [
        '<path d="M432 98 C 490 98 536 100 548 126 m-9 -5 l9 6 l2 -11" '
        'fill="none" stroke="var(--accent, #3b6cf6)" stroke-width="2"/>',
        '<text x="530" y="92" text-anchor="middle">COPY --from</text>',
        '<text x="125" y="250" text-anchor="middle">655 MB are pulled</text>',
        '<text x="355" y="250" text-anchor="middle">stays on the builder</text>',
        '<text x="548" y="250" text-anchor="middle">425 MB are pulled</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def order() -> str:
    """Return the same edit in two Dockerfiles; what is new has a thick frame."""
    columns = [
        (10, "copies everything first", [("COPY . .", 1), ("RUN pip install", 1), ("CMD", 1)]),
        (
            340,
            "copies the requirements first",
            [
                ("COPY requirements.txt .", 0),
                ("RUN pip install", 0),
                ("COPY model", 0),
                ("COPY app", 1),
                ("CMD", 1),
            ],
        ),
    ]
    parts = [
        BEGIN.format(height=278),
        "<title>After an edit of the code the first order installs again, the second copies "
        "the code alone</title>",
    ]
    for x, name, rows in columns:
        parts.append(
            f'<text x="{x + 145}" y="22" text-anchor="middle" font-weight="bold">{name}</text>'
        )
        parts += block(x, 36, (290, 30), MUTED, ("FROM python:3.12-slim", "cache"))
        for place, (words, is_new) in enumerate(rows, 1):
            style, told = (ACCENT, "new") if is_new else (MUTED, "cache")
            parts += block(x, 36 + 38 * place, (290, 30), style, (words, told))
    parts += ["</svg>"]
    return "\n".join(parts) + "\n"


def figures() -> dict[str, str]:
    """Return the lesson's figures by file name."""
    return {"stacks.svg": stacks(), "order.svg": order()}
