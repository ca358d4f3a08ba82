"""The words in which the end of a plan is forecast: how sure it is, and sure of what."""

from datetime import date

import pytest

from gradus.cli.plan_texts import outlook
from gradus.core.plan import Forecast
from gradus.web.rendering import make_environment

DAY, LATER, LATEST = date(2028, 2, 29), date(2028, 3, 14), date(2028, 5, 1)
ENDS = "It ends on Tuesday, 29 February 2028"
CASES = [
    (None, None, "Nothing is left to be done on it."),
    (DAY, None, f"{ENDS}."),
    (
        DAY,
        Forecast(DAY, DAY, LATER),
        f"{ENDS} if all goes as planned; in eight of ten simulated futures between "
        "Tuesday, 29 February 2028 and Tuesday, 14 March 2028.",
    ),
    (
        DAY,
        Forecast(DAY, DAY, DAY),
        f"{ENDS} if all goes as planned; in at least eight of ten simulated futures on that day.",
    ),
    (
        DAY,
        Forecast(DAY, LATEST, LATEST),
        f"{ENDS} if all goes as planned; in at least eight of ten simulated futures on "
        "Monday, 1 May 2028.",
    ),
]


@pytest.mark.parametrize(("ends", "forecast", "said"), CASES)
def test_how_sure_an_end_is_counts_simulated_futures(ends, forecast, said):
    assert outlook(ends, forecast) == said


@pytest.mark.parametrize(("ends", "forecast", "said"), CASES)
def test_the_page_says_the_same_of_an_end(ends, forecast, said):
    macros = make_environment().get_template("_work.html").make_module()
    assert str(macros.outlook(ends, forecast)).strip() == said
