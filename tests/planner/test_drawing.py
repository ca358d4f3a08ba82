"""Each time a card comes back it has other numbers and another order, and a seed makes it again."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from gradus.core.card import Card, CardKind, Choice
from gradus.planner.drawing import drawn_numbers, order_of_choices

NUMBER = Card(
    "n", "lab", CardKind.NUMBER, "{a} {b}?", "a * b", parameters={"a": (1, 4), "b": (7, 7)}
)
CHOICES = tuple(Choice(text, "", text == "a") for text in "abcd")
CHOICE = Card("c", "lab", CardKind.CHOICE, "Which?", choices=CHOICES)


@given(seed=st.integers(0, 2**31))
def test_what_is_drawn_lies_in_its_range_and_comes_again_from_its_seed(seed):
    values = drawn_numbers(NUMBER, seed)
    assert 1 <= values["a"] <= 4
    assert values["b"] == 7
    assert drawn_numbers(NUMBER, seed) == values
    assert sorted(order_of_choices(CHOICE, seed)) == [0, 1, 2, 3]
    assert order_of_choices(CHOICE, seed) == order_of_choices(CHOICE, seed)


def test_every_number_and_every_place_of_the_right_choice_comes_about_as_often():
    numbers = Counter(drawn_numbers(NUMBER, seed)["a"] for seed in range(2000))
    places = Counter(order_of_choices(CHOICE, seed).index(0) for seed in range(2000))
    for counted in (numbers, places):
        assert len(counted) == 4
        assert min(counted.values()) > 420


def test_a_card_of_the_record_is_the_same_on_every_machine():
    assert [drawn_numbers(NUMBER, seed)["a"] for seed in range(8)] == DRAWN
    assert order_of_choices(CHOICE, 7) == ORDER


DRAWN = [3, 1, 1, 1, 4, 1, 1, 3]
ORDER = (0, 1, 3, 2)
