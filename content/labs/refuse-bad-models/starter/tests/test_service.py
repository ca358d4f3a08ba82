"""What the callers of the service rely on."""

import importlib.util

import pytest

from service import answer

MODEL = {"name": "m", "minutes_per_km": 3.0, "minutes_at_the_door": 4.0}


@pytest.mark.parametrize("km", [0.5, 1, 2.5, 10, 59.9])
def test_a_distance_is_answered_with_minutes(km):
    reply = answer(MODEL, {"km": km})
    assert reply["status"] == 200
    assert reply["minutes"] == pytest.approx(4.0 + 3.0 * km, abs=0.051)


@pytest.mark.parametrize("km", [0, -1, 60, "3", None, True])
def test_anything_else_is_refused(km):
    assert answer(MODEL, {"km": km})["status"] == 422


def test_the_reply_names_the_model():
    assert answer(MODEL, {"km": 1})["model"] == "m"


@pytest.mark.skipif(importlib.util.find_spec("cupy") is None, reason="needs a GPU")
def test_it_answers_the_same_on_a_gpu():
    assert answer(MODEL, {"km": 1})["status"] == 200
