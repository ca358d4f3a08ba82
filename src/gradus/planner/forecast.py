"""When a learner will be done: a first form."""

from collections.abc import Sequence
from datetime import date

from gradus.core.basis import PlanBasis
from gradus.core.plan import Forecast
from gradus.planner.amount import Work
from gradus.planner.days import StudyDays
from gradus.planner.estimates import Estimates


def forecast_of(
    basis: PlanBasis,
    days: StudyDays,
    estimates: Estimates,
    work: Sequence[Work],
    ends: date | None,
) -> Forecast | None:
    return None
