"""Pictures of pace as plain geometry: weeks against the plan, and the burn-up with its forecast.

It draws no SVG itself; the templates do, each with a title and a text alternative.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from gradus.desk.pace_view import Pace, WeekOfWork


@dataclass(frozen=True, slots=True)
class WeekBar:
    """One week: a bar of what was done, a line at what was planned."""

    week: WeekOfWork
    x: float
    height: float
    planned_y: float


@dataclass(frozen=True, slots=True)
class WeeksChart:
    """Hours by week against the plan."""

    bars: tuple[WeekBar, ...]
    bar_width: float
    width: float
    height: float
    lines: tuple[tuple[float, float], ...]
    """Where a number of hours stands beside the axis, and which."""
    ticks: tuple[tuple[float, date], ...]
    """Where a date stands below the axis, and which."""


@dataclass(frozen=True, slots=True)
class BurnUp:
    """Hours finished over time, with the plan's way to the end and the forecast's interval."""

    done: str
    """Points of the line of what was finished."""
    way: str
    """Points of the plan's way from today to its end; empty without one."""
    fan: str
    """Points of the area between the early and the late end; empty without a forecast."""
    scope_y: float
    """Where the whole track stands."""
    today_x: float
    """Where today stands."""
    marks: tuple[tuple[float, date, str], ...]
    """Where a day stands, which, and what it is."""
    lines: tuple[tuple[float, float], ...]
    """Where a number of hours stands beside the axis, and which."""
    width: float
    height: float


def weeks_chart(pace: Pace, width: float = 860.0, height: float = 150.0) -> WeeksChart:
    """Return a bar for each week, at least eight weeks wide."""
    slots = max(8, len(pace.weeks))
    step = width / slots
    most = max((max(week.minutes, week.planned) for week in pace.weeks), default=0.0) / 60
    top = _round_up(most)
    bars = tuple(
        WeekBar(
            week,
            x=round((slots - len(pace.weeks) + place) * step, 2),
            height=round(week.minutes / 60 / top * height, 2),
            planned_y=round(height - week.planned / 60 / top * height, 2),
        )
        for place, week in enumerate(pace.weeks)
    )
    every = max(1, -(-len(bars) // 6))
    ticks = tuple((bar.x, bar.week.monday) for bar in bars[::-1][::every])
    lines = tuple((round(height - hours / top * height, 2), hours) for hours in (0.0, top / 2, top))
    return WeeksChart(bars, round(step * 0.7, 2), width, height, lines, ticks)


def burn_up(pace: Pace, width: float = 860.0, height: float = 220.0) -> BurnUp:
    """Return the burn-up from the first finished piece, or today, to the latest expected end."""
    first = min([day for day, _ in pace.finished] + [pace.today])
    ends = [each for each in (pace.ends, pace.forecast and pace.forecast.late) if each]
    last = max([*ends, pace.today + timedelta(days=28)])
    top = _round_up(pace.scope)

    def x(day: date) -> float:
        return round((day - first).days / max(1, (last - first).days) * width, 2)

    def y(hours: float) -> float:
        return round(height - hours / top * height, 2)

    done, hours = [(x(first), y(0.0))], 0.0
    for day, until in pace.finished:
        done += [(x(day), y(hours)), (x(day), y(until))]
        hours = until
    done.append((x(pace.today), y(hours)))
    now = (x(pace.today), y(hours))
    way = [now, (x(pace.ends), y(pace.scope))] if pace.ends else []
    fan, marks = list[tuple[float, float]](), [(x(pace.today), pace.today, "today")]
    if pace.forecast is not None:
        early, late = pace.forecast.early, pace.forecast.late
        fan = [now, (x(early), y(pace.scope)), (x(late), y(pace.scope))]
        marks += [(x(early), early, "early"), (x(late), late, "late")]
    elif pace.ends is not None:
        marks.append((x(pace.ends), pace.ends, "end of the plan"))
    return BurnUp(
        done=_points(done),
        way=_points(way),
        fan=_points(fan),
        scope_y=y(pace.scope),
        today_x=x(pace.today),
        marks=tuple(marks),
        lines=tuple((y(each), each) for each in (0.0, top / 2, top)),
        width=width,
        height=height,
    )


def _points(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _round_up(hours: float) -> float:
    """Return the next round number of hours, at least 1."""
    steps = (1, 2, 4, 6, 8, 10, 12, 16, 20, 30, 40, 60, 80, 100, 150, 200, 300, 400, 600, 800, 1000)
    return float(next((each for each in steps if each >= hours), hours))
