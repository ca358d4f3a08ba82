"""The map as a picture: every card and edge of every layer in one coordinate system."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gradus.desk.view import LayerView, SkillView
from gradus.web.graph import CARD_HEIGHT, CARD_WIDTH, WIDTH, Placed, Point, lay_out

HEADING = 62.0
"""Height above the cards of a layer, for its title."""
AFTER = 44.0
"""Height below them."""
LONGEST_LINE = 14.0
"""Average letters that fit on one line of a card."""
_NARROW, _WIDE = frozenset("fijlrt.,:-' I"), frozenset("mwMWAGNOQDHUC&")


@dataclass(frozen=True, slots=True)
class Card:
    """One skill on the picture."""

    skill: SkillView
    x: float
    y: float
    lines: tuple[str, ...]
    """Its label on one or two lines."""


@dataclass(frozen=True, slots=True)
class Line:
    """One edge on the picture."""

    need: str
    """The skill that comes before."""
    skill: str
    """The skill that needs it."""
    path: str
    """SVG path data."""
    across: bool
    """Whether it joins two layers; those are drawn when one end is selected."""


@dataclass(frozen=True, slots=True)
class Band:
    """One layer on the picture."""

    layer: LayerView
    y: float
    height: float
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class MapPicture:
    """The whole picture."""

    bands: tuple[Band, ...]
    lines: tuple[Line, ...]
    width: float
    height: float
    card_width: float = CARD_WIDTH
    card_height: float = CARD_HEIGHT


def map_picture(layers: Sequence[LayerView]) -> MapPicture:
    """Lay every layer out below the one before it."""
    bands: list[Band] = []
    lines: list[Line] = []
    where: dict[str, Point] = {}
    y = 0.0
    width = WIDTH
    for layer in layers:
        names = [skill.id for skill in layer.skills]
        placed = lay_out(names, {skill.id: skill.needs for skill in layer.skills})
        top = y + HEADING
        cards = tuple(
            Card(
                s, placed.cards[s.id].x, round(top + placed.cards[s.id].y, 1), label_lines(s.label)
            )
            for s in _by_column(layer.skills, placed.cards)
        )
        where.update((card.skill.id, (card.x, card.y)) for card in cards)
        lines += [
            Line(need, name, _curve([(x, top + dy) for x, dy in points]), across=False)
            for (need, name), points in placed.edges.items()
        ]
        width = max([width, *(card.x + CARD_WIDTH for card in cards)])
        height = HEADING + placed.height + AFTER
        bands.append(Band(layer, round(y, 1), round(height, 1), cards))
        y += height
    lines += _across(layers, where, {(line.need, line.skill) for line in lines})
    return MapPicture(tuple(bands), tuple(lines), round(width, 1), round(y, 1))


EMPTY = MapPicture((), (), WIDTH, 0.0)
"""The picture of a page that shows only the list."""


def label_lines(label: str) -> tuple[str, ...]:
    """Break a label into at most two lines of about equal length."""
    words = label.split(" ")
    if breadth(label) <= LONGEST_LINE or len(words) == 1:
        return (label,)
    splits = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]
    return min(splits, key=lambda pair: (max(map(breadth, pair)), len(pair[1])))


def breadth(text: str) -> float:
    """Return about how many average letters wide a text is, without knowing the font."""
    return sum(0.6 if each in _NARROW else 1.35 if each in _WIDE else 1.0 for each in text)


def _by_column(skills: Sequence[SkillView], cards: Mapping[str, Placed]) -> list[SkillView]:
    """Return skills as a keyboard walks them: column by column."""
    return sorted(skills, key=lambda skill: (cards[skill.id].column, cards[skill.id].row))


def _across(
    layers: Sequence[LayerView], where: dict[str, Point], drawn: set[tuple[str, str]]
) -> list[Line]:
    return [
        Line(need, skill.id, _between(where[need], where[skill.id]), across=True)
        for layer in layers
        for skill in layer.skills
        for need in skill.needs
        if need in where and (need, skill.id) not in drawn
    ]


def _between(start: Point, end: Point) -> str:
    """Leave below the first card and arrive above the second, or the other way round."""
    down = start[1] < end[1]
    x1, x2 = start[0] + CARD_WIDTH / 2, end[0] + CARD_WIDTH / 2
    y1 = start[1] + (CARD_HEIGHT if down else 0)
    y2 = end[1] + (0 if down else CARD_HEIGHT)
    bend = max(40.0, abs(y2 - y1) / 3) * (1 if down else -1)
    return f"M{x1:.1f} {y1:.1f}C{x1:.1f} {y1 + bend:.1f} {x2:.1f} {y2 - bend:.1f} {x2:.1f} {y2:.1f}"


def _curve(points: Sequence[Point]) -> str:
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for index, ((x1, y1), (x2, y2)) in enumerate(pairwise(points)):
        if index % 2:  # through a lane: straight
            path += f"L{x2:.1f} {y2:.1f}"
        else:
            middle = (x1 + x2) / 2
            path += f"C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    return path
