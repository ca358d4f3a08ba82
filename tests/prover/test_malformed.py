"""Malformed requests come from every family, and none of them is a valid one."""

import json

import numpy as np
import pytest

from gradus.prover.contract import post
from gradus.prover.malformed import FAMILIES, malformed_requests

VALID = post("/predict", {"rows": [{"amount": 1.5, "hour": 3, "abroad": True}]})


def drawn(n=300, seed=0):
    return malformed_requests(VALID, np.random.default_rng(seed), n)


def test_every_family_has_its_share():
    families = [each.family for each in drawn()]
    assert len(families) == 300
    assert len(set(families)) == len(FAMILIES)
    assert min(families.count(each) for each in set(families)) >= 300 // len(FAMILIES)


def test_none_is_what_a_client_would_send():
    assert VALID.wire("x") not in [each.request.wire("x") for each in drawn()]


def test_what_must_be_refused_is_no_json_for_any_reader():
    for each in drawn():
        if each.must_refuse:
            with pytest.raises(ValueError):
                json.loads(each.request.body.decode("utf-8"))


def test_each_goes_out_on_a_connection_of_its_own():
    assert all(each.request.alone for each in drawn())


def test_the_same_seed_draws_the_same():
    assert [each.what for each in drawn()] == [each.what for each in drawn()]
    assert [each.what for each in drawn()] != [each.what for each in drawn(seed=1)]


def test_a_body_that_is_a_list_has_malformed_ones_too():
    valid = post("/predict", [{"a": 1.0}])
    assert len(malformed_requests(valid, np.random.default_rng(0), 50)) == 50
