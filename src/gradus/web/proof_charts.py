"""Plots of a proof as plain geometry: bars, lines, and the timeline.

It draws no SVG itself; the template does, each with a title and a text alternative.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gradus.core.proof import Moment, Plot, ProofOutcome

WIDTH, HEIGHT = 760.0, 200.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a histogram."""

    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Curve:
    """One line."""

    name: str
    points: str
    """As SVG wants them."""
    ends: tuple[tuple[float, float], ...]
    """Every point, to be drawn as a dot where they are few."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One plot, laid out."""

    plot: Plot
    bars: tuple[Bar, ...]
    bar_width: float
    curves: tuple[Curve, ...]
    limits: tuple[tuple[float, str], ...]
    """Where an upright line stands, and what it is."""
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    width: float = WIDTH
    height: float = HEIGHT


@dataclass(frozen=True, slots=True)
class Mark:
    """One moment on the timeline."""

    moment: Moment
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """What was done to the service, and what it did."""

    marks: tuple[Mark, ...]
    ticks: tuple[tuple[float, str], ...]
    height: float
    width: float = WIDTH


def picture(plot: Plot) -> Picture:
    """Lay a plot out; both axes begin at 0."""
    points = [point for line in plot.lines for point in line.points]
    step = _bar_step(plot)
    rightmost = max([x for x, _ in points] + [at for _, at in plot.limits], default=0.0) + step
    right, top = _rounded(rightmost), _rounded(max((y for _, y in points), default=0.0))
    if plot.bars:
        right = rightmost or 1.0

    def x(value: float) -> float:
        return round(value / right * WIDTH, 2)

    def y(value: float) -> float:
        return round(HEIGHT - value / top * HEIGHT, 2)

    barred = plot.lines[0].points if plot.bars and plot.lines else ()
    drawn = plot.lines[1:] if plot.bars else plot.lines
    return Picture(
        plot,
        bars=tuple(Bar(x(a), y(b), round(HEIGHT - y(b), 2)) for a, b in barred),
        bar_width=max(1.0, x(step) - 1),
        curves=tuple(
            Curve(
                line.name,
                " ".join(f"{x(a):g},{y(b):g}" for a, b in line.points),
                tuple((x(a), y(b)) for a, b in line.points) if len(line.points) <= 20 else (),
            )
            for line in drawn
        ),
        limits=tuple((x(at), f"{name} {at:.4g}") for name, at in plot.limits),
        x_ticks=tuple((x(each), f"{each:.4g}") for each in _steps(right)),
        y_ticks=tuple((y(each), f"{each:.4g}") for each in _steps(top)),
    )


def timeline(outcome: ProofOutcome) -> Timeline:
    """Lay the moments of a proof out, each on a line of its own so that its words can be read."""
    length = max([outcome.seconds] + [each.at for each in outcome.moments]) or 1.0
    marks = tuple(
        Mark(moment, round(moment.at / length * WIDTH, 2), 14.0 + 18.0 * number)
        for number, moment in enumerate(outcome.moments)
    )
    ticks = tuple((round(each / length * WIDTH, 2), f"{each:.4g} s") for each in _steps(length))
    return Timeline(marks, ticks, 18.0 * len(marks) + 8.0)


def _bar_step(plot: Plot) -> float:
    points = plot.lines[0].points if plot.bars and plot.lines else ()
    return points[1][0] - points[0][0] if len(points) > 1 else 0.0


def _steps(top: float) -> Sequence[float]:
    """Return four or five round values from 0 to at most the top."""
    if top <= 0:
        return (0.0,)
    rough = top / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(each * power for each in (1, 2, 2.5, 5, 10) if each * power >= rough * 0.999)
    return tuple(step * number for number in range(int(top / step + 1e-9) + 1))


def _rounded(top: float) -> float:
    """Return the smallest round value that is not below."""
    if top <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(top))
    return next(each * power for each in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if each * power >= top)
