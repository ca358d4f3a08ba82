"""Harmless rewrites: what they change behaves as before, and they refuse where they cannot know."""

import ast
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gradus.conformance.rewriting import composed, every_rewrite, fitting, rewritten
from gradus.core.lab import Entry, EntryKind, Lab, Limits, Profile, Styles

SPECIMENS = Path(__file__).parent / "specimens" / "_rewriting"
PYTHON = {name: each for name, each in every_rewrite().items() if EntryKind.SQL not in each.kinds}
SQL = {name: each for name, each in every_rewrite().items() if EntryKind.SQL in each.kinds}
LOSSY = {"float32_inside": 1e-3}
"""What a rewrite that a lab has to allow may cost in precision."""


def a_lab(kind=EntryKind.MODULE, names=("total", "table"), **styles):
    return Lab(
        id="a-lab",
        title="A lab",
        curriculum_id="",
        layer="",
        entry=Entry(kind, "work.py", tuple(names)),
        skills=(),
        needs=(),
        minutes=1,
        environment="base",
        imports=(),
        profile=Profile.COMPUTE,
        limits=Limits(),
        folder=Path("nowhere"),
        version="",
        styles=Styles(**styles),
    )


def loaded(source):
    scope = {"__name__": "work"}
    exec(compile(source.encode("utf-8"), "work.py", "exec"), scope)
    return scope


def seen(function, arguments):
    """What a call gives: the value, or the kind of exception, and the arguments afterwards."""
    given = [
        each.copy() if isinstance(each, np.ndarray | list | dict) else each for each in arguments
    ]
    try:
        return function(*given), given
    except Exception as error:
        return type(error), given


def agree(one, other, within=1e-9):
    if isinstance(one, np.ndarray) and isinstance(other, list):
        one = one.tolist()
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(lambda a, b: agree(a, b, within), one, other))
    if isinstance(one, np.ndarray | float | np.number):
        same_shape = np.shape(one) == np.shape(other)
        return same_shape and np.allclose(one, other, rtol=within, atol=within, equal_nan=True)
    return type(one) is type(other) and one == other


def inputs(rng, arrays):
    """Arguments for functions of one or two: arrays, or things of many kinds."""
    n, k = (int(each) for each in rng.integers(1, 4, 2))
    if arrays:
        return [
            (rng.normal(size=(n, k)), rng.normal(size=(k, n))),
            (rng.normal(size=k), rng.normal(size=k)),
            (rng.integers(-3, 4, size=(2, 2)), rng.normal(size=2)),
            (rng.normal(size=(n, k)), rng.normal(size=k)),
            (rng.normal(size=(2, n, k)), rng.normal(size=(k, n))),
            (rng.normal(size=k), rng.normal(size=(1, n))),
        ]
    return [
        ([float(each) for each in rng.normal(size=n)], int(rng.integers(-2, 5))),
        (int(rng.integers(-5, 6)), float(rng.normal())),
        (str(rng.choice(["mean", "sum", "other", ""])), [3, 1, 2][:n]),
        ({"a": 1, "b": int(rng.integers(5))}, "ab"[: int(rng.integers(3))]),
    ]


def must_behave_alike(before, after, within=1e-9):
    one, other = loaded(before), loaded(after)
    names = [n.name for n in ast.parse(before).body if isinstance(n, ast.FunctionDef)]
    public = [name for name in names if not name.startswith("_")]
    assert public
    compared = 0
    for seed in range(5):
        for arguments in inputs(np.random.default_rng(seed), "np." in before):
            for name in public:
                for many in (arguments[:1], arguments):
                    (left, left_args), (right, right_args) = (
                        seen(each[name], many) for each in (one, other)
                    )
                    assert agree(left, right, within), (name, many, left, right, after)
                    assert agree(left_args, right_args), (name, many, after)
                    compared += not isinstance(left, type)
    assert compared > 10, "hardly any call gave a value"


def specimens():
    return sorted(SPECIMENS.glob("*.py"))


@pytest.mark.parametrize("name", PYTHON)
def test_each_rewrite_changes_something_and_behaves_as_before(name):
    rewrite, changed = PYTHON[name], 0
    for path in specimens():
        source = path.read_text(encoding="utf-8")
        after, applied = rewritten(source, [rewrite], 1, a_lab(names=public_names(source)))
        if applied:
            changed += 1
            must_behave_alike(source, after, LOSSY.get(name, 1e-9))
    assert changed, f"no specimen shows {name}"


def public_names(source):
    tree = ast.parse(source)
    return [
        each.name
        for each in tree.body
        if isinstance(each, ast.FunctionDef) and not each.name.startswith("_")
    ]


@pytest.mark.parametrize("seed", range(10))
def test_many_rewrites_together_behave_as_before(seed):
    for path in specimens():
        source = path.read_text(encoding="utf-8")
        lab = a_lab(names=public_names(source))
        after, applied = composed(source, fitting(lab), seed, lab, most=16)
        assert applied
        must_behave_alike(source, after)


def test_the_same_seed_gives_the_same_style():
    source = specimens()[0].read_text(encoding="utf-8")
    lab = a_lab(names=public_names(source))
    one, other = (composed(source, fitting(lab), 3, lab) for _ in range(2))
    assert one == other
    assert composed(source, fitting(lab), 4, lab)[0] != one[0]


def test_what_a_lesson_has_to_allow_is_left_out_until_it_does():
    names = {each.name for each in fitting(a_lab())}
    assert not names & {"float32_inside", "lists_for_arrays"}
    allowing = a_lab(allows=("lists_for_arrays",))
    assert "lists_for_arrays" in {each.name for each in fitting(allowing)}


def test_what_a_lesson_refuses_is_left_out():
    assert "hints_removed" not in {each.name for each in fitting(a_lab(refuses=("hints_removed",)))}


def test_the_functions_of_a_service_stay_functions_with_their_hints():
    lab = a_lab(EntryKind.SERVICE, names=("app",))
    names = {each.name for each in fitting(lab)}
    assert not names & {"callable_objects", "static_methods", "hints_removed", "hints_added"}


REFUSED = {each.stem: each.read_text(encoding="utf-8") for each in SPECIMENS.glob("refused/*.py")}


@pytest.mark.parametrize("name", REFUSED)
def test_a_rewrite_refuses_where_it_cannot_be_sure(name):
    after, applied = rewritten(REFUSED[name], [PYTHON[name]], 1, a_lab())
    assert not applied, after


@pytest.mark.parametrize("name", ["closures", "helpers_renamed", "unused_things"])
def test_where_all_names_are_collected_none_changes(name):
    source = "def _one(x):\n    return x\ndef test_it():\n    assert _one(1) == 1\n"
    assert not rewritten(source, [PYTHON[name]], 1, a_lab(names=()))[1]


def test_names_of_the_starter_keep_their_names(tmp_path):
    (tmp_path / "starter").mkdir()
    (tmp_path / "starter" / "work.py").write_text("guesses = {}\ndef total(x):\n    ...\n")
    lab = replace(a_lab(), folder=tmp_path)
    source = "guesses = {1: 2}\n_mine = 3\ndef total(x):\n    return guesses[x] + _mine\n"
    after, applied = rewritten(source, [PYTHON["constants_renamed"]], 1, lab)
    assert applied
    assert "guesses" in loaded(after)
    assert "_mine" not in loaded(after)


def test_a_text_over_several_lines_is_left_as_it_is():
    source = 'def total(x):\n    y = """a\n    b\n  c"""\n    return y\n'
    for name in ("comments_between", "blanks_at_the_ends", "tabs_for_blanks"):
        after, _ = rewritten(source, [PYTHON[name]], random.randint(0, 9), a_lab())
        assert loaded(after)["total"](1) == loaded(source)["total"](1)


QUERIES = {
    "named": (
        "with big as (\n    select id, x from t where x > 1 -- the big ones\n),\n"
        "named as (select big.id, big.x, coalesce(big.x, 0) as y from big)\n"
        "select named.id, 'from big' as said, y from named order by named.id;\n"
    ),
    "plain": "select t.id, count(*) as n from t join u on t.id = u.id where x <> 2 group by t.id\n",
    "window": (
        "select id, sum(x) over (partition by id order by x rows unbounded preceding) as s from t\n"
    ),
    "nested": "select a.id from t a where exists (select 1 from u where u.id = a.id)",
}


def rows(query):
    """The rows of a query on a small database, in the engine that is always there."""
    import sqlite3

    with sqlite3.connect(":memory:") as base:
        base.execute("create table t (id integer, x integer)")
        base.execute("create table u (id integer, y text)")
        generator = random.Random(2)
        for _ in range(30):
            x = generator.choice([None, 1, 2, 3, 4])
            base.execute("insert into t values (?, ?)", (generator.randint(1, 5), x))
            base.execute("insert into u values (?, ?)", (generator.randint(1, 9), "z"))
        found = base.execute(query)
        names = [each[0] for each in found.description]
        given = found.fetchall()
        return names, given if "order by t" in query.lower() else sorted(given, key=repr)


@pytest.mark.parametrize("name", SQL)
def test_each_rewrite_of_a_query_gives_the_same_rows(name):
    lab = a_lab(EntryKind.SQL, names=())
    changed = 0
    for query in QUERIES.values():
        after, applied = rewritten(query, [SQL[name]], 1, lab)
        assert rows(after) == rows(query), after
        changed += bool(applied)
    assert changed, f"no query shows {name}"


@pytest.mark.parametrize("seed", range(20))
def test_many_rewrites_of_a_query_give_the_same_rows(seed):
    lab = a_lab(EntryKind.SQL, names=())
    for query in QUERIES.values():
        after, _ = composed(query, list(SQL.values()), seed, lab)
        assert rows(after) == rows(query), after


def test_a_word_inside_a_text_or_a_comment_is_no_keyword():
    lab = a_lab(EntryKind.SQL, names=())
    after, _ = rewritten(QUERIES["named"], [SQL["keywords_in_capitals"]], 1, lab)
    assert "'from big'" in after
    assert "-- the big ones" in after
    assert "WITH big AS" in after
