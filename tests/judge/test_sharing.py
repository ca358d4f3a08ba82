"""Queries that read alike share what became of an example; nothing else does."""

from dataclasses import dataclass, field, replace

import pytest

from gradus.check import claim, draw
from gradus.core.lab import Entry, EntryKind, Lab
from gradus.core.verdict import Finding
from gradus.judge.examples import draw_examples
from gradus.judge.running import Attempted
from gradus.judge.sharing import Shared


@claim("A claim.", x=draw.integers(0, 9), examples=1, catches=["one"])
def looks_at_one(queries, x):
    queries.one(x)


@claim("A claim that is given more.", x=draw.integers(0, 9), examples=1, catches=["one"])
def looks_at_the_module(queries, x, module):
    queries.one(x)


@claim("A claim of chance.", x=draw.integers(0, 9), examples=1, catches=["one"])
def looks_at_one_by_chance(queries, x, rng, sizes):
    queries.one(x)


@dataclass
class Runs:
    """A runner whose queries find their own text, and which counts what it ran."""

    queries: dict[str, bytes]
    asks_for: frozenset[str] = frozenset({"one"})
    ran: list[object] = field(default_factory=list)

    def texts(self):
        return dict(self.queries)

    def asked(self):
        return self.asks_for

    def run(self, claim, example):
        self.ran.append(example)
        return Attempted(Finding(claim.name, repr(self.queries), ""))


@pytest.fixture
def sql(lab: Lab) -> Lab:
    return replace(lab, entry=Entry(EntryKind.SQL, ".", ("one", "two")))


def an_example(of=looks_at_one, seed=0):
    return next(iter(draw_examples(of, seed, 0)))


def test_the_same_text_of_what_was_asked_for_is_run_once(sql):
    shared, first = Shared(sql), Runs({"one": b"SELECT 1", "two": b"SELECT 2"})
    found = shared.finding(first, looks_at_one, an_example())
    other = Runs({"one": b"SELECT 1", "two": b"SELECT 3"})
    assert shared.finding(other, looks_at_one, an_example()) == found
    assert (len(first.ran), len(other.ran)) == (1, 0)


@pytest.mark.parametrize(
    ("queries", "asks_for"),
    [
        ({"one": b"SELECT 0", "two": b"SELECT 2"}, {"one"}),
        ({"two": b"SELECT 2"}, {"one"}),
        ({"one": b"SELECT 1", "two": b"SELECT 3"}, {"one", "two"}),
        ({"one": b"SELECT 1", "two": b"SELECT 3"}, set()),
    ],
)
def test_another_text_of_what_was_asked_for_is_run(sql, queries, asks_for):
    shared = Shared(sql)
    first = Runs({"one": b"SELECT 1", "two": b"SELECT 2"}, frozenset(asks_for))
    other = Runs(queries, frozenset(asks_for))
    shared.finding(first, looks_at_one, an_example())
    assert shared.finding(other, looks_at_one, an_example()).returned == repr(queries)
    assert len(other.ran) == 1


def test_what_came_of_every_text_is_remembered(sql):
    shared, texts = Shared(sql), [b"SELECT 1", b"SELECT 2", b"SELECT 3"]
    first = [shared.finding(Runs({"one": text}), looks_at_one, an_example()) for text in texts]
    again = [Runs({"one": text}) for text in texts]
    assert [shared.finding(each, looks_at_one, an_example()) for each in again] == first
    assert not any(each.ran for each in again)


def test_chance_and_sizes_say_nothing_of_the_queries(sql):
    shared, runs = Shared(sql), Runs({"one": b"SELECT 1"})
    for _ in range(2):
        shared.finding(runs, looks_at_one_by_chance, an_example(looks_at_one_by_chance))
    assert len(runs.ran) == 1


def test_another_example_is_run(sql):
    shared, runs = Shared(sql), Runs({"one": b"SELECT 1"})
    shared.finding(runs, looks_at_one, an_example())
    shared.finding(runs, looks_at_one, an_example(seed=1))
    assert len(runs.ran) == 2


def test_a_claim_that_sees_more_than_the_queries_is_run(sql):
    shared, runs = Shared(sql), Runs({"one": b"SELECT 1"})
    for _ in range(2):
        shared.finding(runs, looks_at_the_module, an_example(looks_at_the_module))
    assert len(runs.ran) == 2


def test_python_is_always_run(lab):
    shared, runs = Shared(lab), Runs({})
    for _ in range(2):
        shared.finding(runs, looks_at_one, an_example())
    assert len(runs.ran) == 2
