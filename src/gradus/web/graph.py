"""Lays out one layer of the map: columns from left to right, few crossings, short edges.

Pure geometry: it knows names and who needs whom, and nothing of skills, states or SVG.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

COLUMNS = 7
"""Columns of the map; every layer uses the same ones."""
CARD_WIDTH = 127.0
CARD_HEIGHT = 44.0
COLUMN_STEP = 149.0
ROW_STEP = 54.0
LANE = 16.0
"""Height kept free for an edge that passes through a column."""
WIDTH = COLUMN_STEP * (COLUMNS - 1) + CARD_WIDTH

Edge = tuple[str, str]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where one card stands: its upper left corner, column and place in the column."""

    x: float
    y: float
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A whole layer: cards by name, the points of each edge, and the height that they take."""

    cards: Mapping[str, Placed]
    edges: Mapping[Edge, tuple[Point, ...]]
    height: float
    crossings: int


def lay_out(names: Sequence[str], needs: Mapping[str, Sequence[str]]) -> LaidOut:
    """Place every name so that each stands right of what it needs.

    `needs` may name things outside of `names`; those are left to the caller.
    """
    inside = {name: [need for need in needs.get(name, ()) if need in names] for name in names}
    capacity = max(2, -(-len(names) // COLUMNS))
    columns = _columns(list(names), inside, capacity)
    while capacity < len(names) and max(columns.values(), default=0) >= COLUMNS:
        capacity += 1
        columns = _columns(list(names), inside, capacity)
    chains = _chains(inside, columns)
    rows = _ordered(_rows(names, columns, chains), chains)
    heights = _heights(rows, chains)
    cards = {
        name: Placed(column * COLUMN_STEP, heights[name], column, place)
        for column, row in enumerate(rows)
        for place, name in enumerate(one for one in row if not _is_lane(one))
    }
    height = max((card.y + CARD_HEIGHT for card in cards.values()), default=0.0)
    edges = {edge: _points(chain, cards, heights, columns) for edge, chain in chains.items()}
    return LaidOut(cards, edges, height, _crossings(rows, chains))


def _columns(names: list[str], needs: Mapping[str, Sequence[str]], capacity: int) -> dict[str, int]:
    """Give each name a column: longest chains first, loose ones where there is room."""
    followers = {name: [other for other in names if name in needs[other]] for name in names}
    reach: dict[str, int] = {}

    def steps(name: str) -> int:
        if name not in reach:
            reach[name] = 0
            reach[name] = 1 + max((steps(other) for other in followers[name]), default=0)
        return reach[name]

    tied = sorted(
        (name for name in names if needs[name] or followers[name]),
        key=lambda name: (-steps(name), names.index(name)),
    )
    columns: dict[str, int] = {}
    column = 0
    while tied:
        ready = [n for n in tied if all(columns.get(need, column) < column for need in needs[n])]
        chosen = ready[:capacity]
        for name in chosen or tied[:1]:  # a cycle is the catalogue's to report, not ours to hang on
            columns[name] = column
            tied.remove(name)
        column += 1
    _pull_right(columns, followers, capacity)
    _fill(columns, [name for name in names if name not in columns], max(column, 1), capacity)
    return columns


def _pull_right(
    columns: dict[str, int], followers: Mapping[str, Sequence[str]], capacity: int
) -> None:
    """Move each name next to the first that needs it, where that column has room."""
    for name in sorted(columns, key=lambda name: -columns[name]):
        nearest = min((columns[other] for other in followers[name]), default=0) - 1
        for column in range(nearest, columns[name], -1):
            if list(columns.values()).count(column) < capacity:
                columns[name] = column
                break


def _fill(columns: dict[str, int], loose: Sequence[str], used: int, capacity: int) -> None:
    """Put names without any edge into the emptiest columns, the later ones first."""
    wide = max(used, COLUMNS if len(loose) + len(columns) > COLUMNS else used + len(loose))
    for name in loose:
        load = [list(columns.values()).count(column) for column in range(min(wide, COLUMNS))]
        columns[name] = load.index(min(load))


def _is_lane(name: str) -> bool:
    return name.startswith("\0")


def _chains(
    needs: Mapping[str, Sequence[str]], columns: Mapping[str, int]
) -> dict[Edge, tuple[str, ...]]:
    """Name the stations of every edge: its two ends and a lane in each column between.

    Edges that leave the same card share their lanes, as branches share a trunk.
    """
    return {
        (need, name): (
            need,
            *(f"\0{need}\0{column}" for column in range(columns[need] + 1, columns[name])),
            name,
        )
        for name, its_needs in needs.items()
        for need in its_needs
    }


def _rows(
    names: Sequence[str], columns: Mapping[str, int], chains: Mapping[Edge, Sequence[str]]
) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(max(columns.values(), default=0) + 1)]
    for name in names:
        rows[columns[name]].append(name)
    for (need, _), chain in chains.items():
        for column, lane in enumerate(chain[1:-1], start=columns[need] + 1):
            if lane not in rows[column]:
                rows[column].append(lane)
    return rows


def _neighbours(chains: Mapping[Edge, Sequence[str]]) -> tuple[dict[str, list[str]], ...]:
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for left, right in _segments(chains):
        after.setdefault(left, []).append(right)
        before.setdefault(right, []).append(left)
    return before, after


def _segments(chains: Mapping[Edge, Sequence[str]]) -> list[Edge]:
    """Return what joins neighbouring columns, each piece once."""
    return list(dict.fromkeys(piece for chain in chains.values() for piece in pairwise(chain)))


def _ordered(rows: list[list[str]], chains: Mapping[Edge, Sequence[str]]) -> list[list[str]]:
    """Sweep left and right by the mean place of neighbours; keep the order with least crossings."""
    before, after = _neighbours(chains)
    best, least = [list(row) for row in rows], _crossings(rows, chains)
    for sweep in range(12):
        forward = sweep % 2 == 0
        for column in range(len(rows))[:: 1 if forward else -1]:
            other = column - 1 if forward else column + 1
            if 0 <= other < len(rows):
                _sort_by_mean(rows[column], rows[other], before if forward else after)
        crossings = _crossings(rows, chains)
        if crossings < least:
            best, least = [list(row) for row in rows], crossings
    return best


def _sort_by_mean(
    row: list[str], fixed: Sequence[str], neighbours: Mapping[str, Sequence[str]]
) -> None:
    place = {name: index for index, name in enumerate(fixed)}
    own = {name: index * len(fixed) / max(1, len(row)) for index, name in enumerate(row)}

    def mean(name: str) -> float:
        places = [place[other] for other in neighbours.get(name, ()) if other in place]
        return sum(places) / len(places) if places else own[name]

    row.sort(key=mean)


def _crossings(rows: Sequence[Sequence[str]], chains: Mapping[Edge, Sequence[str]]) -> int:
    place = {name: (column, i) for column, row in enumerate(rows) for i, name in enumerate(row)}
    between: dict[int, list[tuple[int, int]]] = {}
    for left, right in _segments(chains):
        between.setdefault(place[left][0], []).append((place[left][1], place[right][1]))
    return sum(
        (a[0] - b[0]) * (a[1] - b[1]) < 0
        for segments in between.values()
        for index, a in enumerate(segments)
        for b in segments[:index]
    )


def _heights(
    rows: Sequence[Sequence[str]], chains: Mapping[Edge, Sequence[str]]
) -> dict[str, float]:
    """Give each station a height near that of its neighbours, in order and without overlap."""
    before, after = _neighbours(chains)
    heights = {name: y for row in rows for name, y in zip(row, _stack(row), strict=True)}
    floor = max((_stack(row)[-1] + _size(row[-1]) for row in rows if row), default=0.0)
    for sweep in range(8):
        sides = (before, after) if sweep % 2 == 0 else (after, before)
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wishes = [_wish(name, heights, sides) for name in row]
            for name, y in zip(row, _settle(row, wishes, floor), strict=True):
                heights[name] = y
    return heights


def _size(name: str) -> float:
    return LANE if _is_lane(name) else ROW_STEP


def _stack(row: Sequence[str]) -> list[float]:
    tops, y = [], 0.0
    for name in row:
        tops.append(y)
        y += _size(name)
    return tops


def _middle(name: str) -> float:
    return LANE / 2 if _is_lane(name) else CARD_HEIGHT / 2


def _wish(
    name: str, heights: Mapping[str, float], sides: tuple[Mapping[str, list[str]], ...]
) -> float:
    near = [other for side in sides for other in side.get(name, ())]
    if not near:
        return heights[name]
    return sum(heights[other] + _middle(other) for other in near) / len(near) - _middle(name)


def _settle(row: Sequence[str], wishes: Sequence[float], floor: float) -> list[float]:
    """Return the tops nearest to the wishes that keep the order and every card's own room.

    Pooling adjacent violators: the exact least-squares answer for a chain of minimal gaps.
    """
    if not row:
        return []
    offsets = _stack(row)
    pools: list[tuple[float, int]] = []
    for wish, offset in zip(wishes, offsets, strict=True):
        mean, count = wish - offset, 1
        while pools and pools[-1][0] > mean:
            other, others = pools.pop()
            mean = (mean * count + other * others) / (count + others)
            count += others
        pools.append((mean, count))
    most = floor - offsets[-1] - _size(row[-1])
    shifts = [min(max(mean, 0.0), most) for mean, count in pools for _ in range(count)]
    return [shift + offset for shift, offset in zip(shifts, offsets, strict=True)]


def _points(
    chain: Sequence[str],
    cards: Mapping[str, Placed],
    heights: Mapping[str, float],
    columns: Mapping[str, int],
) -> tuple[Point, ...]:
    start, end = cards[chain[0]], cards[chain[-1]]
    points = [(start.x + CARD_WIDTH, start.y + CARD_HEIGHT / 2)]
    for column, lane in enumerate(chain[1:-1], start=columns[chain[0]] + 1):
        y = heights[lane] + LANE / 2
        points += [(column * COLUMN_STEP, y), (column * COLUMN_STEP + CARD_WIDTH, y)]
    return (*points, (end.x, end.y + CARD_HEIGHT / 2))
