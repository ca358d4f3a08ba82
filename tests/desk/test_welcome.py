"""Where somebody lands: the first page once, and what to do today from then on."""

from gradus.desk.learning import open_lab
from gradus.desk.welcome import keep_answers, landing_page


def test_a_newcomer_lands_on_the_first_page_and_later_on_today(desk):
    assert landing_page(desk) == "welcome"
    keep_answers(desk, {})
    assert landing_page(desk) == "today"


def test_whoever_has_opened_a_lab_lands_on_today(desk):
    open_lab(desk, "M01")
    assert landing_page(desk) == "today"
