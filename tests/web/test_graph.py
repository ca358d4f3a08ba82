"""The layout of the map: everything has a place, and edges go to the right."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.core.catalogue import Catalogue
from gradus.web.graph import CARD_HEIGHT, COLUMNS, lay_out
from gradus.web.map_picture import breadth, label_lines


@st.composite
def layers(draw: st.DrawFn) -> tuple[list[str], dict[str, list[str]]]:
    """Draw names that need only earlier ones, in chains no longer than there are columns."""
    count = draw(st.integers(0, 40))
    names = [f"s{index}" for index in range(count)]
    depth: dict[str, int] = {}
    needs: dict[str, list[str]] = {}
    for index, name in enumerate(names):
        earlier = [other for other in names[:index] if depth[other] < COLUMNS]
        chosen = (
            draw(st.lists(st.sampled_from(earlier), max_size=3, unique=True)) if earlier else []
        )
        needs[name] = chosen
        depth[name] = 1 + max((depth[other] for other in chosen), default=0)
    return names, needs


@settings(max_examples=60, deadline=None)
@given(layers())
def test_every_card_stands_right_of_what_it_needs_and_none_overlap(
    layer: tuple[list[str], dict[str, list[str]]],
) -> None:
    names, needs = layer
    placed = lay_out(names, needs)
    assert set(placed.cards) == set(names)
    for name in names:
        for need in needs[name]:
            assert placed.cards[need].x < placed.cards[name].x
            assert len(placed.edges[need, name]) >= 2
    for column in range(COLUMNS + 1):
        tops = sorted(card.y for card in placed.cards.values() if card.column == column)
        assert all(low - high >= CARD_HEIGHT for high, low in pairwise(tops))


@settings(max_examples=20, deadline=None)
@given(layers())
def test_the_same_layer_is_laid_out_the_same(
    layer: tuple[list[str], dict[str, list[str]]],
) -> None:
    assert lay_out(*layer) == lay_out(*layer)


def test_needs_from_elsewhere_and_a_cycle_do_no_harm() -> None:
    placed = lay_out(["a", "b"], {"a": ["b", "elsewhere"], "b": ["a"]})
    assert set(placed.cards) == {"a", "b"}


def test_the_content_fits_the_columns_with_few_crossings(catalogue: Catalogue) -> None:
    for layer in catalogue.layers:
        names = [skill.id for skill in catalogue.skills.values() if skill.layer == layer.id]
        placed = lay_out(names, {name: catalogue.skills[name].needs for name in names})
        assert max(card.column for card in placed.cards.values()) < COLUMNS
        assert placed.crossings <= len(names) / 4


def test_a_label_is_broken_where_its_halves_are_shortest() -> None:
    assert label_lines("Autograd") == ("Autograd",)
    assert label_lines("Precision, recall, F1") == ("Precision,", "recall, F1")
    assert breadth("WWW") > breadth("iii")
