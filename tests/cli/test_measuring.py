"""What `lab styles`, `lab naming` and `lab flakes` say of a small lab."""

import json

import pytest


@pytest.fixture
def kept(installed, monkeypatch, tmp_path):
    """The folder in which measurements are kept."""
    monkeypatch.setattr(
        "gradus.cli.measuring._state", lambda lab, measure: tmp_path / measure / f"{lab.id}.jsonl"
    )
    return tmp_path


@pytest.mark.parametrize("command", ["styles", "naming", "flakes"])
def test_without_a_name_it_says_what_to_type(gradus, golden, command):
    golden(f"lab_{command}_nothing", gradus("lab", command))


def test_an_unknown_lab_is_answered_with_the_nearest(gradus, golden):
    golden("lab_styles_unknown", gradus("lab", "styles", "stable-softmx"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("check_no_seeds", ["check", "--thorough", "--seeds", "0"]),
        ("mutants_no_seeds", ["mutants", "--seeds", "0"]),
        ("mutants_processes_below", ["mutants", "--processes", "-1"]),
        ("styles_composed_below", ["styles", "--composed", "-1"]),
        ("naming_mutants_below", ["naming", "--mutants", "-1"]),
        ("flakes_no_seeds", ["flakes", "--seeds", "0"]),
        ("flakes_seeds_words", ["flakes", "--seeds", "many"]),
        ("flakes_minutes_below", ["flakes", "--minutes", "-1"]),
        ("flakes_minutes_words", ["flakes", "--minutes", "few"]),
    ],
)
def test_a_number_that_would_look_at_nothing_is_refused(gradus, golden, name, words):
    golden(f"lab_wrong_{name}", gradus("lab", *words, "stable-softmax"))


def test_styles_end_with_the_rate(gradus, kept):
    ran = gradus("lab", "styles", "stable-softmax", "--composed", "1")
    assert ran.status == 0, ran
    assert "Right work in other styles: " in ran.out
    assert "(100.0 %) pass; 1 lab, " in ran.out


def test_naming_ends_with_both_rates(gradus, kept):
    ran = gradus("lab", "naming", "stable-softmax", "--mutants", "1", "--json")
    answer = json.loads(ran.out)
    assert ran.status == 0, ran
    assert answer["labs"][0]["variants"]["right"] > 0
    assert "wrong" not in answer["labs"][0]["variants"]


def test_flakes_say_how_often_and_what_is_left(gradus, kept):
    ran = gradus("lab", "flakes", "stable-softmax", "--seeds", "2")
    assert ran.status == 0, ran
    assert "Flaky: 0 of " in ran.out
    stopped = gradus("lab", "flakes", "stable-softmax", "--seeds", "4", "--minutes", "0")
    assert "are left; the same command goes on." in stopped.out


def test_a_kept_failure_of_another_lab_is_not_replayed(gradus, kept):
    path = kept / "it.json"
    path.write_text(json.dumps({"lab": "no-such-lab"}))
    ran = gradus("lab", "flakes", "--replay", path)
    assert ran.status == 2
    assert "no-such-lab" in ran.err
