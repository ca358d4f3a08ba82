"""What a lab's check and its case say: which failures fit which variant, and what is drawn once."""

import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from gradus.check import claim
from gradus.core.errors import ContentError
from gradus.judge import specification
from gradus.judge.specification import (
    MOST_CASES,
    Specification,
    draw_case,
    load_case,
    load_specification,
    load_trusted,
)
from gradus.judge.trouble import Ours

CASE = """
def make_case(rng):
    number = int(rng.integers(1000))
    return {'number.txt': str(number)}, {'number': number}
"""
CHECK = """
from gradus.check import claim, diagnostic

OF_NO_CONCERN = 3

@claim("It is a number.", catches=["a_text"])
def is_a_number(work):
    work(OF_NO_CONCERN)

@diagnostic("unseeded")
def draws_anew(work):
    return True

@claim("It is even.", catches=["odd"])
def is_even(work):
    work(2)
"""


@claim("Its gradients are right.", catches=["forgets_the_mean", "forgets_the_relu"])
def gradients(work):
    """A claim that two variants fail for certain."""


@claim("It repeats itself.", catches=["unseeded"])
def repeats(work):
    """A claim that one variant fails for certain."""


@claim("It learns.", catches=["never_steps"], may_catch=["forgets_the_mean"])
def learns(work):
    """A claim that a variant fails on some runs."""


SPECIFICATION = Specification((gradients, repeats, learns), ())


def test_a_variant_fits_the_claims_that_it_fails_for_certain():
    assert SPECIFICATION.fits("forgets_the_relu", frozenset({0}))
    assert not SPECIFICATION.fits("forgets_the_relu", frozenset({0, 2}))
    assert not SPECIFICATION.fits("unseeded", frozenset({0}))


def test_a_claim_that_a_variant_may_fail_may_hold_or_not():
    assert SPECIFICATION.fits("forgets_the_mean", frozenset({0}))
    assert SPECIFICATION.fits("forgets_the_mean", frozenset({0, 2}))
    assert not SPECIFICATION.fits("forgets_the_mean", frozenset({2}))


def test_a_variant_that_no_claim_names_fits_nothing():
    assert not SPECIFICATION.fits("invented", frozenset())


def test_whether_a_variant_fits_is_said_with_yes_or_no():
    assert SPECIFICATION.fits("unseeded", frozenset({1})) is True
    assert SPECIFICATION.fits("invented", frozenset()) is False


def test_one_claim_alone_keeps_its_place_in_the_file():
    assert SPECIFICATION.first == 0
    assert SPECIFICATION.only("gradients") == Specification((gradients,), (), 0)
    assert SPECIFICATION.only("repeats") == Specification((repeats,), (), 1)
    with pytest.raises(Ours, match="no claim named invented"):
        SPECIFICATION.only("invented")


class Loaded:
    """What Python has loaded: nothing but simulators may go, or no test can go on."""

    def __iter__(self):
        return iter(sys.modules)

    def __delitem__(self, name):
        assert name.split(".")[0] == "simulators"
        del sys.modules[name]


@pytest.fixture(autouse=True)
def nothing_but_simulators_goes(monkeypatch):
    monkeypatch.setattr(specification, "sys", SimpleNamespace(path=sys.path, modules=Loaded()))


@pytest.fixture
def lay(lab, tmp_path):
    """Make a lab of files; the content folder that it lies in may be another."""

    def made(content="content", **files):
        folder = tmp_path / content / "labs" / "drawn"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / f"{name}.py").write_text(text)
        return replace(lab, id="drawn", folder=folder, version="1")

    return made


def test_claims_and_diagnostics_come_in_the_order_of_the_file(lay):
    found = load_specification(lay(check=CHECK))
    assert [each.name for each in found.claims] == ["is_a_number", "is_even"]
    assert [each.variant for each in found.diagnostics] == ["unseeded"]


def test_a_check_without_claims_is_refused(lay):
    lab = lay(check="from gradus.check import claim\n")
    with pytest.raises(ContentError, match=r"declares no claim.*Write a function under @claim"):
        load_specification(lab)


def test_a_check_that_is_not_there_is_refused(lay):
    with pytest.raises(ContentError, match=r"check\.py cannot be read: No such file"):
        load_specification(lay())


@pytest.mark.parametrize(
    ("source", "line", "says"),
    [
        ("\n\nx = = 3\n", 3, "SyntaxError"),
        ("def half():\n    1 / 0\n\n\nhalf()\n", 2, "ZeroDivisionError: division by zero."),
        ("import json\n\njson.loads('{')\n", 3, "JSONDecodeError"),
        ("\nimport simulators.broken\n", 2, "SyntaxError"),
        ("import os\nexec(compile('\\n\\n\\n\\n1 / 0', 'a', 'exec'))", 2, "ZeroDivision"),
    ],
)
def test_the_line_is_told_on_which_a_check_does_not_load(lay, source, line, says):
    lab = lay(check=source)
    simulators = lab.folder.parent.parent / "simulators"
    simulators.mkdir()
    (simulators / "broken.py").write_text("\n" * 8 + "x = = 3\n")
    with pytest.raises(ContentError) as caught:
        load_specification(lab)
    assert (caught.value.code, caught.value.line) == ("check-does-not-load", line)
    assert f"check.py:{line}: " in str(caught.value)
    assert f"check.py does not load: {says}" in str(caught.value)
    assert not [each for each in sys.modules if each.startswith("simulators")]


def test_each_content_has_simulators_of_its_own_and_nothing_stays_behind(
    lay, tmp_path, monkeypatch
):
    for content in ("elsewhere", "one", "two"):
        folder = tmp_path / content / "simulators"
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("")
        (folder / "weather.py").write_text(f"RAIN = {content!r}\n")
    monkeypatch.syspath_prepend(tmp_path / "elsewhere")
    path, modules = list(sys.path), set(sys.modules)
    source = "from simulators.weather import RAIN\nfrom pathlib import Path\nHERE = Path(__file__)"
    for content in ("one", "two"):
        lab = lay(content, check=source)
        module = load_trusted(lab, "check.py")
        assert content == module.RAIN
        assert lab.folder / "check.py" == module.HERE
        assert sys.path == path
        assert set(sys.modules) == modules


def test_the_same_seed_gives_the_same_case_in_every_version_of_gradus(lay):
    number = int(np.random.default_rng([1, 7]).integers(1000))
    assert draw_case(lay(make_case=CASE), 7) == ({"number.txt": str(number)}, {"number": number})


@pytest.mark.parametrize(
    ("source", "line", "says"),
    [
        ("make = 3\n", None, "It defines no function 'make_case(rng)'."),
        ("make_case = 3\n", None, "It defines no function 'make_case(rng)'."),
        (
            "def make_case(rng):\n    return half(rng)\n\n\ndef half(rng):\n    return 1 / 0\n",
            6,
            "make_case raises ZeroDivisionError for the case 7: division by zero.",
        ),
        ("def make_case():\n    pass\n", None, "make_case raises TypeError for the case 7"),
        (
            "def make_case(rng):\n    pass\n",
            None,
            "make_case returns NoneType for the case 7, not two dicts: the files by name, each "
            "text or bytes, and the hidden parameters by name.",
        ),
        (
            "def make_case(rng):\n    return {}, {}, {}\n",
            None,
            "returns tuple for the case 7, not two",
        ),
        (
            "def make_case(rng):\n    return {'a.txt': 'a', 'b.txt': 3}, {}\n",
            None,
            "not two dicts: the files by name, each",
        ),
        (
            "def make_case(rng):\n    return {'a.txt': 'a', 3: 'a'}, {}\n",
            None,
            "not two dicts: the files by name, each",
        ),
        (
            "def make_case(rng):\n    return {}, {'a': 'a', 3: 'a'}\n",
            None,
            "not two dicts: the files by name, each",
        ),
    ],
)
def test_an_author_is_told_what_gives_no_case(lay, source, line, says):
    with pytest.raises(ContentError) as caught:
        draw_case(lay(make_case=source), 7)
    assert (caught.value.code, caught.value.line) == ("no-case", line)
    assert says in str(caught.value)


def test_a_lab_without_a_case_has_an_empty_one(lay):
    assert draw_case(lay(), 7) == ({}, {})


def test_the_last_cases_are_kept_and_the_oldest_is_given_up(lay):
    lab = lay(make_case=CASE)
    cases = [load_case(lab, seed) for seed in range(MOST_CASES)]
    assert all(load_case(lab, seed) is case for seed, case in enumerate(cases))
    load_case(lab, MOST_CASES)
    assert [load_case(lab, seed) is cases[seed] for seed in range(MOST_CASES - 1, -1, -1)] == [
        *[True] * (MOST_CASES - 1),
        False,
    ]


def test_a_case_is_drawn_once_for_all_that_lies_over_it(lay):
    lab = lay(make_case=CASE)
    first = load_case(lab, 7)
    assert load_case(lab, 7) is first
    assert draw_case(lab, 7) == first
    others = [load_case(lab, seed) for seed in range(20, 40)]
    assert len({str(files) for files, _ in others}) > 10
    assert load_case(lab, 7) == first
    assert load_case(replace(lab, version="2"), 7) == first
