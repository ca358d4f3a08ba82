"""Cards follow their kind, and numbers come from arithmetic alone."""

import pytest

from gradus.catalogue import load_cards, load_lab
from gradus.catalogue.cards import expected_number, is_right, question, read_cards

NUMBER = """\
[[cards]]
id = "n"
kind = "number"
question = "A {n} by {k} matrix with \\\\frac{a}{b}?"
parameters = { n = [2, 9], k = [2, 9] }
answer = "n * k"
tolerance = 0.01
explanation = "Each entry once."
"""
CHOICE = """\
[[cards]]
id = "c"
kind = "choice"
question = "Which?"
choices = [
  { text = "This", correct = true, because = "It is." },
  { text = "That", because = "It is not." },
]
"""
RECALL = '[[cards]]\nid = "r"\nkind = "recall"\nquestion = "Why?"\nanswer = "Because."\n'


def faults(tree, text):
    path = tree.write("labs/a-lab/cards.toml", text)
    found = read_cards(load_lab(tree.lab))[1]
    assert all(each.path == path for each in found)
    return [(each.code, each.line) for each in found]


def test_cards_of_every_kind_are_read(tree):
    what_if = RECALL.replace('"r"', '"w"').replace("recall", "what-if")
    tree.write("labs/a-lab/cards.toml", "\n".join([RECALL, NUMBER, CHOICE, what_if]))
    cards = load_cards(load_lab(tree.lab))
    assert [card.kind for card in cards] == ["recall", "number", "choice", "what-if"]
    assert {card.lab for card in cards} == {"a-lab"}
    assert cards[2].choices[0].correct
    assert not cards[2].choices[1].correct


def test_a_number_is_asked_and_answered_with_drawn_parameters(tree):
    tree.write("labs/a-lab/cards.toml", NUMBER)
    (card,) = load_cards(load_lab(tree.lab))
    values = {"n": 3, "k": 4}
    assert question(card, values) == "A 3 by 4 matrix with \\frac{a}{b}?"
    assert expected_number(card, values) == 12.0
    assert is_right(card, values, 12.1)
    assert not is_right(card, values, 12.2)


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ('"number"', '"numbr"', "unknown-kind", 3),
        ('"n * k"', '"n * k * m"', "bad-arithmetic", 6),
        ('"n * k"', '"n *"', "bad-arithmetic", 6),
        ('"n * k"', '"n / (k - 2)"', "bad-arithmetic", 6),
        ('"n * k"', "\"__import__('os')\"", "bad-arithmetic", 6),
        ('"n * k"', '"n"', "unused-parameter", 5),
        ("{k} matrix", "k matrix", "unsaid-parameter", 4),
        ("n = [2, 9]", "n = [9, 2]", "bad-parameter", 5),
        ("n = [2, 9]", "n = 3", "bad-parameter", 5),
        ("tolerance = 0.01", "tolerance = -1", "out-of-range", 7),
        ("tolerance", "tolerence", "unknown-key", 7),
    ],
)
def test_a_malformed_number_says_what_and_where(tree, old, new, code, line):
    assert (code, line) in faults(tree, NUMBER.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ('  { text = "That", because = "It is not." },\n', "", "few-choices", 5),
        ("correct = true, ", "", "correct-choices", 5),
        (' because = "It is not."', ' correct = true, because = "x"', "correct-choices", 5),
        (', because = "It is not."', "", "missing-key", 5),
        ('question = "Which?"\n', "", "missing-key", 1),
    ],
)
def test_a_malformed_choice_says_what_and_where(tree, old, new, code, line):
    assert (code, line) in faults(tree, CHOICE.replace(old, new, 1))


def test_two_cards_of_one_id_are_a_fault(tree):
    assert faults(tree, RECALL + "\n" + RECALL) == [("double", 8)]


def test_a_missing_file_is_a_fault(tree):
    assert [each.code for each in read_cards(load_lab(tree.lab))[1]] == ["missing-file"]
