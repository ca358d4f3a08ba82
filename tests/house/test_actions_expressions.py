"""The expressions of GitHub Actions, as a lab's runner reads them."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

PLACE = Path(__file__).parents[2] / "content" / "simulators" / "actions_expressions.py"


@pytest.fixture(scope="module")
def expressions() -> SimpleNamespace:
    return SimpleNamespace(**runpy.run_path(str(PLACE)))


CONTEXTS = {
    "github": {"ref": "refs/heads/main", "event_name": "push", "event": {"number": 17.0}},
    "needs": {"a": {"result": "success"}, "b": {"result": "failure"}},
    "matrix": {"python": "3.11"},
    "secrets": {},
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("github.ref == 'refs/heads/main'", True),
        ("github.ref == 'REFS/heads/MAIN'", True),
        ("github.event_name != 'push' || 'else'", "else"),
        ("github.event_name == 'push' && 1 || 0", 1.0),
        ("!(1 > 2) && 'it''s'", "it's"),
        ("contains(needs.*.result, 'failure')", True),
        ("join(needs.*.result, ' ')", "success failure"),
        ("needs['a'].result", "success"),
        ("github.event.pull_request.head.sha || github.ref", "refs/heads/main"),
        ("format('{0}-{1}', matrix.python, github.event.number)", "3.11-17"),
        ("startsWith(github.ref, 'refs/HEADS/')", True),
        ("secrets.NONE == ''", True),
        ("fromJSON('[1, 2]')[1]", 2),
        ("'' == 0", True),
        ("'x' == 0", False),
    ],
)
def test_an_expression_has_the_value_that_github_gives_it(expressions, text, value):
    assert expressions.evaluate(text, CONTEXTS, {}) == value


@pytest.mark.parametrize("text", ["github.ref ==", "(1", "nowhere.x", "nothing(1)", "a b", "'x"])
def test_what_is_no_expression_is_refused_with_a_sentence(expressions, text):
    with pytest.raises(expressions.NotAnExpression):
        expressions.evaluate(text, CONTEXTS, {})


@pytest.mark.parametrize(
    ("text", "failed", "holds"),
    [
        ("", False, True),
        ("", True, False),
        ("github.event_name == 'push'", True, False),
        ("always()", True, True),
        ("${{ failure() && github.event_name == 'push' }}", True, True),
        ("failure()", False, False),
        ("!cancelled()", True, True),
        ("'always()' == ''", True, False),
        (True, True, False),
        (False, False, False),
        ("${{ false }} and more", False, True),
    ],
)
def test_a_condition_asks_for_success_unless_it_says_otherwise(expressions, text, failed, holds):
    functions = {
        "success": lambda: not failed,
        "failure": lambda: failed,
        "always": lambda: True,
        "cancelled": lambda: False,
    }
    assert expressions.condition(text, CONTEXTS, functions) is holds


def test_values_are_put_into_a_text_and_a_lone_one_keeps_its_kind(expressions):
    text = "deploy-${{ github.event.number }}-${{ true }}-${{ secrets.NONE }}"
    assert expressions.insert(text, CONTEXTS, {}) == "deploy-17-true-"
    assert expressions.insert("${{ github.event.number }}", CONTEXTS, {}) == 17.0
