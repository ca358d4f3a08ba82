"""Pictures of progress as plain geometry: steps by layer, attempts by day.

It draws no SVG itself; the templates do, each with a title and a text alternative.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gradus.desk.view import DayOfWork, LayerView


@dataclass(frozen=True, slots=True)
class Step:
    """One layer as a step."""

    layer: LayerView
    x: float
    y: float
    width: float
    height: float
    filled: float
    """Height of the part that was shown."""
    begun: float
    """Height of the part that is shown or in progress."""


@dataclass(frozen=True, slots=True)
class Stairs:
    """Every layer as one rising step."""

    steps: tuple[Step, ...]
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class DayBar:
    """One day as a bar."""

    day: DayOfWork
    x: float
    passed_height: float
    other_height: float


@dataclass(frozen=True, slots=True)
class DaysChart:
    """Attempts by day."""

    bars: tuple[DayBar, ...]
    bar_width: float
    width: float
    height: float
    most: int
    """The highest count of attempts on one day."""
    ticks: tuple[tuple[float, str], ...]
    """Where a date stands below the axis, and which."""
    lines: tuple[tuple[float, int], ...]
    """Where a count stands beside the axis, and which."""


def stairs(layers: Sequence[LayerView], width: float = 1004.0) -> Stairs:
    """Return one step for each layer, rising from the left."""
    gap, lowest, rise = 6.0, 52.0, 15.0
    count = max(1, len(layers))
    each = (width - gap * (count - 1)) / count
    height = lowest + rise * (count - 1)
    steps = []
    for index, layer in enumerate(layers):
        tall = lowest + rise * index
        total = max(1, layer.counts.total)
        shown = layer.counts.shown / total
        begun = (layer.counts.shown + layer.counts.in_progress) / total
        steps.append(
            Step(
                layer,
                x=round(index * (each + gap), 2),
                y=round(height - tall, 2),
                width=round(each, 2),
                height=tall,
                filled=_visible(shown * tall),
                begun=_visible(begun * tall),
            )
        )
    return Stairs(tuple(steps), width, height)


def _visible(height: float) -> float:
    """Round, but never to nothing what is there."""
    return round(max(height, 3.0), 2) if height > 0 else 0.0


def days_chart(days: Sequence[DayOfWork], width: float = 860.0, height: float = 150.0) -> DaysChart:
    """Return a bar for each day, at least four weeks wide so that early days look early."""
    slots = max(28, len(days))
    step = width / slots
    most = max((day.passed + day.other for day in days), default=0)
    scale = height / max(4, most)
    first = slots - len(days)
    bars = tuple(
        DayBar(
            day,
            x=round((first + index) * step, 2),
            passed_height=round(day.passed * scale, 2),
            other_height=round(day.other * scale, 2),
        )
        for index, day in enumerate(days)
    )
    every = max(1, -(-len(bars) // 6))
    ticks = tuple((bar.x, bar.day.day) for bar in bars[::-1][::every])
    top = max(4, most)
    marks = sorted({0, top // 2, top})
    lines = tuple((round(height - mark * scale, 2), mark) for mark in marks)
    return DaysChart(bars, round(max(step - 3, 1.5), 2), width, height, most, ticks, lines)
