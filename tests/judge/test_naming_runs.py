"""Naming, with work that runs here in place of a child: what is asked of whom, and how often."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from gradus.check import Claim, Diagnostic, draw
from gradus.core.lab import Naming
from gradus.core.submission import Submission
from gradus.core.values import Handle, Tensor
from gradus.core.verdict import Finding
from gradus.judge import naming
from gradus.judge.examples import draw_examples
from gradus.judge.naming import Failed, behave_alike, name_mistake, same_trace
from gradus.judge.running import Attempted
from gradus.judge.specification import Specification
from gradus.judge.trouble import DoesNotLoad, Ours, Stopped

POOL = object()
ONE_MORE = "def same(x):\n    return x + 1\n"


@dataclass
class Runners:
    """Everything that was begun, and what it was asked."""

    begun: list["InProcess"] = field(default_factory=list)
    most_at_once: int = 0

    def __call__(self, lab, submission, pool, sizes):
        assert pool is POOL
        n_open = 1 + sum(not each.is_closed for each in self.begun)
        self.most_at_once = max(self.most_at_once, n_open)
        self.begun.append(InProcess(submission.files["same.py"].decode(), sizes))
        return self.begun[-1]

    def of(self, source):
        """Return the one runner of a text."""
        (found,) = [each for each in self.begun if each.source == source]
        return found


class InProcess:
    """A runner without a process: a function's answer is the trace, and a text stays over there."""

    def __init__(self, source, sizes):
        names = {"Stopped": Stopped, "DoesNotLoad": DoesNotLoad, "Ours": Ours}
        exec(source, names)
        self.source, self.sizes, self.same = source, sizes, names["same"]
        self.asked, self.entropies, self.n_given, self.is_closed = [], [], 0, False

    def give_time(self):
        self.n_given += 1

    def run(self, claim, example, traced=False):
        assert traced
        assert not self.is_closed
        self.asked.append((claim.name, *example.values.values()))
        got = self.same(*example.values.values())
        value = Handle(len(self.asked), "Text", got) if isinstance(got, str) else got
        is_held = got in ("right", *example.values.values())
        return Attempted(None if is_held else Finding("", ""), (("call", value, None),))

    def diagnose(self, diagnostic, example):
        self.entropies.append(example.entropy)
        return diagnostic.test(self.same)

    def close(self):
        self.is_closed = True


@pytest.fixture
def runners(monkeypatch):
    made = Runners()
    monkeypatch.setattr(naming, "Runner", made)
    yield made
    assert all(each.is_closed for each in made.begun)


def first(same, x):
    """A name for a claim."""


def second(same, x):
    """A name for another claim."""


def claim_of(test, *catches, examples=12, low=0, high=10**5):
    inputs = (("x", draw.integers(low, high)),) if examples else ()
    return Claim("It is the same.", catches, examples, inputs, (), test)


def inputs_of(claims, seed=0):
    return tuple(
        (place, example)
        for place, claim in enumerate(claims)
        for example in draw_examples(claim, seed, place)
    )


def values_of(inputs):
    return {example.values["x"] for _, example in inputs}


@pytest.fixture
def failure(lab, tmp_path):
    """Make a failed submission with known mistakes beside it."""

    def make(source, claims, failed=(0,), diagnostics=(), **wrong):
        folder = tmp_path / "labs" / "same"
        (folder / "wrong").mkdir(parents=True)
        (folder / "starter").mkdir()
        (folder / "starter" / "same.py").write_text("def same(x):\n    return 0\n")
        for name, text in wrong.items():
            (folder / "wrong" / f"{name}.py").write_text(text)
        made = replace(lab, folder=folder, entry=replace(lab.entry, path="same.py"))
        return Failed(
            made,
            Specification(tuple(claims), tuple(diagnostics)),
            Submission({"same.py": source.encode()}),
            inputs_of(claims),
            frozenset(failed),
            0,
            {"n": 3},
        )

    return make


def named(failure, **limits):
    found = name_mistake(failure, POOL, **limits)
    return found.name if found is not None else None


def work(rule):
    """Return work that gives what an expression of `x` says."""
    return f"def same(x):\n    return {rule}\n"


# ── what is not run at all ──


def test_a_known_mistake_as_it_stands_and_a_starter_are_told_by_their_text(failure, runners):
    claims = [claim_of(first, "a", "b")]
    made = failure(ONE_MORE, claims, a=work("x + 2"), b=ONE_MORE)
    assert named(made) == "b"
    starter = Submission({"same.py": b"def same(x):\n    return 0\n"})
    assert named(replace(made, submission=starter)) is None
    assert runners.begun == []


def test_a_mistake_whose_claims_all_held_is_not_tried(failure, runners):
    claims = [claim_of(first, "a"), claim_of(second, "b")]
    made = failure(work("1 + x"), claims, a=ONE_MORE, b=work("x + 1 if x else 1"))
    assert named(made) == "a"
    assert [each.source for each in runners.begun] == [work("1 + x"), ONE_MORE]
    assert runners.begun[0].sizes == {"n": 3}


# ── what is run, and how often ──


def test_each_input_of_the_run_is_tried_once_the_last_one_first(failure, runners):
    claims = [claim_of(first, "a", "b", "c")]
    made = failure(work("1 + x"), claims, a=work("x + 2"), b=work("x + 3"), c=ONE_MORE)
    assert named(made) == "c"
    asked = [x for _, x in runners.of(work("1 + x")).asked]
    run, fresh = asked[:14], asked[14:]
    assert run == [example.values["x"] for _, example in reversed(made.inputs)]
    assert len(fresh) == 14
    assert len(set(fresh) - set(run)) > 5
    assert [len(runners.of(work(f"x + {n}")).asked) for n in (2, 3)] == [1, 1]
    assert runners.most_at_once == 2
    assert all(each.n_given == len(each.asked) for each in runners.begun)


def test_work_that_differs_on_fresh_inputs_gets_no_name(failure, runners):
    claims = [claim_of(first, "a", examples=10)]
    known = values_of(inputs_of(claims))
    made = failure(work(f"x + (1 if x in {known} else 2)"), claims, a=ONE_MORE)
    assert named(made) is None


def test_claims_that_cost_much_are_not_run_on_fresh_inputs(failure, runners):
    claims = [claim_of(first, "a", examples=9)]
    known = values_of(inputs_of(claims))
    made = failure(work(f"x + (1 if x in {known} else 2)"), claims, a=ONE_MORE)
    assert named(made) == "a"


def test_fresh_inputs_are_those_of_the_claims_that_name_the_mistake(failure, runners):
    claims = [claim_of(second, low=2 * 10**5, high=3 * 10**5), claim_of(first, "a")]
    known = values_of(inputs_of(claims))
    source = work(f"x + (1 if x < 2 * 10**5 or x in {known} else 2)")
    assert named(failure(source, claims, {1}, a=ONE_MORE)) == "a"


def test_a_name_may_cost_so_many_runs_and_no_more(failure, runners, monkeypatch):
    """Each of two runs 14 inputs of the run and 14 fresh ones; what is unlike costs one more."""
    made = failure(work("1 + x"), [claim_of(first, "a", "b")], a=work("x + 2"), b=ONE_MORE)
    monkeypatch.setattr(naming, "MOST_TRACES", 2 * (14 + 14) + 1)
    assert named(made) == "b"
    monkeypatch.setattr(naming, "MOST_TRACES", 2 * (14 + 14))
    assert named(made) is None


def test_a_name_may_take_so_long_and_no_longer(failure, runners, monkeypatch):
    class Clock:
        seconds = 0.0

        def monotonic(self):
            self.seconds += 1.0
            return self.seconds

    made = failure(work("1 + x"), [claim_of(first, "a")], a=ONE_MORE)
    monkeypatch.setattr(naming, "time", Clock())
    assert named(made, seconds=56.0) == "a"
    monkeypatch.setattr(naming, "time", Clock())
    assert named(made, seconds=55.0) is None


# ── ties ──


def test_a_tie_is_searched_with_claims_that_name_one_of_it_first(failure, runners):
    claims = [claim_of(first, "a", "b"), claim_of(second, "b", low=2 * 10**5, high=3 * 10**5)]
    known = values_of(inputs_of(claims))
    made = failure(
        work("1 + x"),
        claims,
        {0, 1},
        a=work(f"x + 1 + (x > 2 * 10**5 and x not in {known})"),
        b=ONE_MORE,
    )
    assert named(made) == "b"
    asked = runners.of(ONE_MORE).asked
    assert asked[28][0] == "second"
    assert len(asked) <= 28 + 14 + 28


def test_a_tie_that_nothing_tells_apart_ends_after_ten_rounds_without_a_name(failure, runners):
    made = failure(work("1 + x"), [claim_of(first, "a", "b")], a=ONE_MORE, b=work("x + True"))
    assert named(made) is None
    assert len(runners.of(work("1 + x")).asked) == 14
    both = [runners.of(ONE_MORE), runners.of(work("x + True"))]
    assert [len(each.asked) for each in both] == [14 + 10 * 14] * 2
    assert len({x for _, x in both[0].asked}) > 100


def test_of_three_that_are_tied_the_search_goes_on_until_one_is_left(failure, runners):
    claims = [claim_of(first, "a", "b", "c")]
    known = values_of(inputs_of(claims))
    odd = f"x + 1 + (x % 2 == 1 and x not in {known})"
    fifth = f"x + 1 + (x % 5 == 1 and x not in {known})"
    made = failure(work("1 + x"), claims, a=work(odd), b=work(fifth), c=ONE_MORE)
    assert named(made) == "c"


def test_two_that_are_alike_do_not_hide_a_third(failure, runners):
    claims = [claim_of(first, "a", "b", "c")]
    known = values_of(inputs_of(claims))
    twin = f"x + 1 + (x not in {known})"
    made = failure(work("1 + x"), claims, a=work(twin), b=work(f"{twin} + 0"), c=ONE_MORE)
    assert named(made) == "c"


def test_every_claim_may_tell_a_tie_apart(failure, runners):
    claims = [claim_of(first, "a", "b"), claim_of(second, "a", "b", low=2 * 10**5, high=3 * 10**5)]
    known = values_of(inputs_of(claims))
    other = work(f"x + 1 + (x > 2 * 10**5 and x not in {known})")
    assert named(failure(work("1 + x"), claims, {0, 1}, a=other, b=ONE_MORE)) == "b"


def test_work_that_is_like_none_of_a_tie_gets_no_name(failure, runners):
    claims = [claim_of(first, "a", "b")]
    known = values_of(inputs_of(claims))
    made = failure(
        work(f"x + (1 if x in {known} else 4)"),
        claims,
        a=work(f"x + (1 if x in {known} else 2)"),
        b=work(f"x + (1 if x in {known} else 3)"),
    )
    assert named(made) is None


# ── what ends early ──


@pytest.mark.parametrize("ends", ["Stopped('late')", "DoesNotLoad('no')"])
def test_a_mistake_that_ends_early_is_like_no_other(failure, runners, ends):
    endless = f"def same(x):\n    raise {ends}\n"
    made = failure(work("1 + x"), [claim_of(first, "a", "b")], a=endless, b=ONE_MORE)
    assert named(made) == "b"
    assert len(runners.of(endless).asked) == 1


@pytest.mark.parametrize("ends", ["Stopped('late')", "DoesNotLoad('no')", "Ours('broken')"])
def test_work_that_ends_early_while_it_is_named_gets_no_name(failure, runners, ends):
    source = f"def same(x):\n    raise {ends}\n"
    made = failure(source, [claim_of(first, "a")], a=source + "\n")
    assert named(made) is None


def test_a_claim_that_held_for_one_only_tells_work_apart(failure, runners):
    claims = [claim_of(first, "a")]
    made = failure(work("'wrong'"), claims, a=work("'wrong '"))
    assert named(made) == "a"
    other = Submission({"same.py": work("'right'").encode()})
    assert named(replace(made, submission=other)) is None


# ── by pattern ──


def is_one_more(same):
    return same(1) == 2


def is_one_more_of_two(same):
    return same(2) == 3


def is_two_more(same):
    return same(1) == 3


LOOKS = (
    Diagnostic("a", (), is_one_more),
    Diagnostic("b", (), is_one_more),
    Diagnostic("b", (), is_one_more_of_two),
    Diagnostic("c", (), is_two_more),
    Diagnostic("e", (), is_one_more),
)


@pytest.mark.parametrize(
    ("catches", "name", "n_looks"),
    [
        (("a",), "a", 1),
        (("c",), None, 1),
        (("d",), "d", 0),
        (("a", "c", "d"), "a", 2),
        (("a", "b", "d"), "b", 3),
        (("a", "e"), None, 2),
        ((), None, 0),
    ],
)
def test_the_mistake_with_most_marks_of_those_that_fit_is_named(
    failure, runners, catches, name, n_looks
):
    claims = [claim_of(first, *catches), claim_of(second, "f")]
    texts = {each: work(f"x + {n + 5}") for n, each in enumerate("abcdef")}
    made = failure(ONE_MORE, claims, {0}, LOOKS, **texts)
    made = replace(made, lab=replace(made.lab, naming=Naming.PATTERN), seed=4)
    assert named(made) == name
    assert [each.source for each in runners.begun] == ([ONE_MORE] if catches else [])
    assert [each.entropies for each in runners.begun] == (
        [[(4, 0, 0)] * n_looks] if catches else []
    )


def test_marks_cost_runs_too(failure, runners, monkeypatch):
    made = failure(ONE_MORE, [claim_of(first, "b")], {0}, LOOKS, b=work("x + 5"))
    made = replace(made, lab=replace(made.lab, naming=Naming.PATTERN))
    monkeypatch.setattr(naming, "MOST_TRACES", 2)
    assert named(made) == "b"
    monkeypatch.setattr(naming, "MOST_TRACES", 1)
    assert named(made) is None


# ── alike ──


def test_work_is_alike_where_every_seed_says_so(failure, runners):
    made = failure(ONE_MORE, [])
    (made.lab.folder / "check.py").write_text(
        "from gradus.check import claim, draw\n\n"
        "@claim('It is.', x=draw.integers(0, 10**5), examples=3)\n"
        "def first(same, x):\n    '''A name.'''\n\n"
        "@claim('It is too.', x=draw.integers(0, 10**5), examples=3)\n"
        "def second(same, x):\n    '''A name.'''\n"
    )
    lab = replace(made.lab, sizes={"n": 1, "m": 2}, quick={"n": 0})
    other = Submission({"same.py": work("1 + x").encode()})
    assert behave_alike(lab, made.submission, other, POOL, [5, 6])
    assert [len(each.asked) for each in runners.begun] == [12, 12]
    assert [name for name, _ in runners.begun[0].asked] == [*["first"] * 3, *["second"] * 3] * 2
    assert runners.begun[0].sizes == {"n": 0, "m": 2}
    later = draw_examples(claim_of(second, examples=3), 5, 1)
    assert [x for _, x in runners.begun[0].asked[3:6]] == [each.values["x"] for each in later]
    (*_, (_, last)) = runners.begun[0].asked
    near = Submission({"same.py": work(f"x + 1 + (x == {last})").encode()})
    assert not behave_alike(lab, made.submission, near, POOL, [5, 6])
    assert behave_alike(lab, made.submission, near, POOL, [5])


# ── traces ──


@pytest.mark.parametrize(
    ("left", "right", "is_same"),
    [
        ((), (), True),
        ((("call", 1, None),), (), False),
        ((("call", 1, None),), (("get", 1, None),), False),
        ((("call", 1, None),), (("call", 1, ("ValueError",)),), False),
        ((("call", 1, None), ("call", 2, None)), (("call", 1, None), ("call", 3, None)), False),
        ((("call", 1.0, None),), (("call", 1.0 + 9e-7, None),), True),
        ((("call", 1.0, None),), (("call", 1.0 + 3e-6, None),), False),
        ((("call", True, None),), (("call", 1, None),), False),
        ((("call", 0.0, None),), (("call", 9e-10, None),), True),
        ((("call", 0.0, None),), (("call", 3e-9, None),), False),
    ],
)
def test_traces_are_the_same_by_their_calls_answers_and_ends(left, right, is_same):
    assert same_trace(left, right) is is_same
    assert same_trace(right, left) is is_same


@pytest.mark.parametrize(
    ("left", "right", "is_same"),
    [
        (Handle(1, "Linear", "a"), Handle(2, "Linear", "b"), True),
        (Handle(1, "Linear", "a"), Handle(1, "Dropout", "a"), False),
        ([Handle(1, "Linear", "a")], [Handle(2, "Linear", "b")], True),
        ((1, Handle(1, "Linear", "a")), (1, Handle(2, "Dropout", "b")), False),
        ({"a": Handle(1, "Linear", "")}, {"a": Handle(2, "Linear", "")}, True),
        ({"a": Handle(1, "Linear", "")}, {"b": Handle(1, "Linear", "")}, False),
        ({"a": [Tensor(np.ones(2), "float32")]}, {"a": [Tensor(np.ones(2), "float32")]}, True),
        (Tensor(np.ones(2), "float32"), Tensor(np.zeros(2), "float32"), False),
    ],
)
def test_what_stayed_over_there_is_the_same_by_its_type(left, right, is_same):
    assert same_trace((("call", left, None),), (("call", right, None),)) is is_same
