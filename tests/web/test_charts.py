"""Charts as geometry: nothing that is there is drawn as nothing."""

from gradus.desk.view import Counts, DayOfWork, LayerView
from gradus.web.charts import days_chart, stairs


def layer(order: int, **counts: int) -> LayerView:
    return LayerView(f"l{order}", f"Layer {order}", order, (), Counts(**counts))


def test_every_layer_is_a_step_higher_than_the_one_before() -> None:
    picture = stairs([layer(n, total=10) for n in range(1, 11)])
    tops = [step.y for step in picture.steps]
    assert tops == sorted(tops, reverse=True)
    assert picture.steps[-1].x + picture.steps[-1].width <= picture.width + 0.1


def test_one_skill_of_many_is_seen() -> None:
    step = stairs([layer(1, total=1000, shown=1)]).steps[0]
    assert step.filled >= 3
    assert stairs([layer(1, total=5)]).steps[0].filled == 0
    assert stairs([layer(1)]).steps[0].filled == 0


def test_bars_stay_inside_and_the_last_day_is_at_the_right() -> None:
    days = [DayOfWork(f"2026-11-{n:02}", n % 3, n, 1.0) for n in range(1, 31)]
    chart = days_chart(days)
    assert all(bar.passed_height + bar.other_height <= chart.height + 0.1 for bar in chart.bars)
    assert chart.bars[-1].x + chart.bar_width <= chart.width
    assert chart.ticks[0][1] == "2026-11-30"
    assert chart.most == 31


def test_no_day_is_an_empty_chart() -> None:
    assert days_chart(()).bars == ()
