"""A plan that was made is kept whole, and that of any past day can be shown."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.core.plan import Forecast, ItemKind, LeftOut, Plan, PlanItem
from gradus.desk.plans import plan_as_json, plan_from_json, plan_on, record_plan
from gradus.ledger import Ledger
from gradus.ledger.row import canonical, plain

DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))
WORDS = st.text(max_size=12)
ITEMS = st.builds(
    PlanItem, DAYS, st.sampled_from(ItemKind), WORDS, WORDS, st.integers(0, 600), WORDS
)
PLANS = st.builds(
    Plan,
    made_on=DAYS,
    track=WORDS,
    items=st.lists(ITEMS, max_size=4).map(tuple),
    left_out=st.lists(
        st.builds(LeftOut, WORDS, WORDS, st.integers(0, 600), st.floats(0, 9)), max_size=2
    ).map(tuple),
    forecast=st.none() | st.builds(Forecast, DAYS, DAYS, DAYS),
    optimal=st.booleans(),
    gap=st.floats(0, 1),
    engine=WORDS,
)
MONDAY = date(2026, 11, 23)


@pytest.fixture
def ledger(tmp_path):
    with Ledger.open(tmp_path / "ledger.db") as opened:
        yield opened


def plan(day: date, track: str = "a") -> Plan:
    item = PlanItem(day, ItemKind.LAB, "M01", "Matrix product", 40, "month 1 of the track")
    return Plan(day, track, (item,))


@given(plan=PLANS)
def test_a_plan_comes_back_equal_from_the_json_that_the_record_holds(plan):
    written = plan_as_json(plan)
    assert plan_from_json(plain(written)) == plan
    assert canonical(plan_as_json(plan_from_json(written))) == canonical(written)


def test_the_plan_of_a_past_day_is_the_last_one_made_until_then(ledger):
    for days, track in ((0, "first"), (0, "second"), (7, "third")):
        record_plan(ledger, plan(MONDAY + timedelta(days=days), track), basis=track)
    assert plan_on(ledger, MONDAY - timedelta(days=1)) is None
    assert plan_on(ledger, MONDAY).track == "second"
    assert plan_on(ledger, MONDAY + timedelta(days=6)).track == "second"
    assert plan_on(ledger, MONDAY + timedelta(days=70)) == plan(MONDAY + timedelta(days=7), "third")


def test_the_same_plan_again_is_not_recorded_twice(ledger):
    assert record_plan(ledger, plan(MONDAY)) is not None
    assert record_plan(ledger, plan(MONDAY)) is None
    assert record_plan(ledger, plan(MONDAY, "b")) is not None
    assert len(list(ledger.rows("plan"))) == 2


def test_a_plan_with_a_field_of_a_later_gradus_can_still_be_shown(ledger):
    ledger.append("plan", {"plan": {**plan_as_json(plan(MONDAY)), "mood": "good"}, "basis": ""})
    assert plan_on(ledger, MONDAY) == plan(MONDAY)
