"""The arithmetic mean of a list of numbers."""

from gradus.check import claim, draw

NUMBERS = draw.lists(draw.integers(-9, 9), size=(1, 5)).edges([4], [1, 2], [2, 0, 1])


def definition(numbers):
    """The sum of the numbers, divided by how many there are."""
    return sum(numbers) / len(numbers)


@claim(
    "It agrees with the definition.",
    numbers=NUMBERS,
    catches=["divides_by_one_less", "skips_the_first"],
)
def agrees_with_the_definition(mean, numbers):
    mean(numbers).must_be_close_to(definition(numbers))


@claim("An empty list has no mean: ValueError.", catches=["zero_for_empty"])
def refuses_an_empty_list(mean):
    mean([]).must_raise(ValueError)


@claim("The list is left as it was.", numbers=NUMBERS, catches=["sorts_in_place"])
def leaves_its_input_alone(mean, numbers):
    mean(numbers).must_not_change_its_arguments()
