"""A claim holds where nothing was found against it, and an invalid run leaves no claim behind."""

import json
import math

import pytest

from gradus.core.proof import ProofOutcome, ProofVerdict
from gradus.prover.claims import Claim, Claims, InvalidRun


def test_the_first_finding_is_shown_and_all_are_counted():
    claim = Claim("It holds.")
    for number in range(3):
        claim.found(f"call {number}", "that", "this", note="Look there.")
    outcome = claim.outcome()
    assert not outcome.held
    assert outcome.finding is not None
    assert outcome.finding.call == "call 0"
    assert outcome.finding.note == "Look there. It is the first of 3."


def test_what_a_service_said_steers_no_terminal():
    claim = Claim("It holds.")
    claim.found("\x1b[2Ja", "b\x9b", "\ud800", note="\u202ec")
    finding = claim.outcome().finding
    assert finding is not None
    said = (finding.call, finding.returned, finding.expected, finding.note)
    assert said == ("\\x1b[2Ja", "b\\x9b", "\\ud800", "\\u202ec")


@pytest.mark.parametrize(("value", "held"), [(5.0, True), (5.1, False), (float("nan"), False)])
def test_an_upper_bound_above_its_limit_speaks_against_it(value, held):
    claim = Claim("It is small.")
    claim.at_most("size", value, "MiB", 5.0, 0.99)
    assert claim.holds is held


@pytest.mark.parametrize(("value", "held"), [(5.0, True), (4.9, False), (float("nan"), False)])
def test_a_lower_bound_below_its_limit_speaks_against_it(value, held):
    claim = Claim("It is large.")
    claim.at_least("rate", value, "requests/s", 5.0)
    assert claim.holds is held


def test_a_run_that_says_nothing_leaves_the_claims_before_it():
    claims = Claims()
    with claims.claim("The first."):
        pass

    def second():
        with claims.claim("The second.") as claim:
            claim.found("a", "b")
            raise InvalidRun("too busy")

    with pytest.raises(InvalidRun):
        second()
    assert [each.sentence for each in claims.outcomes()] == ["The first."]


def test_a_bound_without_end_is_null_for_programs():
    claim = Claim("It is fast.")
    claim.at_most("p99 latency", math.inf, "ms", 100.0, 0.99)
    outcome = ProofOutcome("latency", ProofVerdict.FAILED, 1, 1.0, (claim.outcome(),))
    told = json.loads(json.dumps(outcome.as_json(), allow_nan=False))
    assert told["claims"][0]["figures"][0]["value"] is None
    assert told["claims"][0]["finding"]["returned"] == "without bound"
