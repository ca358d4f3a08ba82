"""What latencies allow to be said, from numbers alone: no service and no clock."""

import json

import numpy as np
import pytest

from gradus.core.proof import ProofVerdict
from gradus.prover.bounds import quantile_at_most, sample_for_quantile
from gradus.prover.claims import Claim, InvalidRun
from gradus.prover.proofs.latency import Seen, decided, judge, says_nothing

SURE = 0.9975
N = sample_for_quantile(0, 0.99, SURE)


def seen(n, late=0, excused=0, lateness=0.0):
    seconds = np.full(n, 0.01)
    seconds[:late] = 2.0
    spared = np.zeros(n, dtype=bool)
    spared[:excused] = True
    return Seen(seconds, np.full(n, lateness), spared)


def test_the_smallest_sample_passes_only_without_a_late_one():
    assert decided(seen(N), 0.1, SURE) is True
    assert decided(seen(N - 1), 0.1, SURE) is None
    assert decided(seen(N, late=1), 0.1, SURE) is None


def test_a_few_late_ones_are_outweighed_by_a_longer_run():
    assert decided(seen(sample_for_quantile(3, 0.99, SURE), late=3), 0.1, SURE) is True


def test_many_late_ones_end_the_run_early():
    assert decided(seen(100, late=12), 0.1, SURE) is False


def test_what_the_machine_explains_is_neither_a_pass_nor_a_failure():
    assert decided(seen(N, late=60, excused=60), 0.1, SURE) is None
    claim = Claim("p99")
    with pytest.raises(InvalidRun, match="60 of 597 requests were late, and other programs"):
        judge(claim, seen(N, late=60, excused=60), 0.1, SURE)


def test_a_run_ends_once_the_machine_alone_keeps_it_from_passing():
    assert says_nothing(seen(N, late=60, excused=60), 0.1, SURE, 8 * N)
    assert not says_nothing(seen(N, late=60, excused=59), 0.1, SURE, 8 * N)
    few = most_late(8 * N)
    assert not says_nothing(seen(N, late=few, excused=few), 0.1, SURE, 8 * N)
    assert says_nothing(seen(N, late=few + 1, excused=few + 1), 0.1, SURE, 8 * N)


def most_late(n):
    """Return how many of so many requests may be late in a run that passes."""
    return next(k for k in range(n) if decided(seen(n, late=k + 1), 0.1, SURE) is not True)


def test_a_failure_that_the_machine_does_not_explain_stands_beside_what_it_does():
    claim = Claim("p99")
    judge(claim, seen(N, late=90, excused=60), 0.1, SURE)
    assert not claim.holds
    finding = claim.outcome().finding
    assert finding is not None
    assert finding.returned.startswith("30 were answered later than 100 ms")


def test_a_generator_that_was_late_says_nothing_though_all_was_well():
    with pytest.raises(InvalidRun, match=r"up to 30 ms late; 5 ms are allowed"):
        judge(Claim("p99"), seen(N, lateness=0.03), 0.1, SURE)


def test_a_request_that_was_never_answered_is_later_than_any_bound():
    never = seen(N)
    never.seconds[:20] = np.inf
    claim = Claim("p99")
    judge(claim, never, 0.1, SURE)
    assert not claim.holds


def test_the_figure_can_be_computed_again_from_the_raw_log(declared, proved, tmp_path):
    outcome = proved("latency", declared(promises={"rate": 200.0}))
    lines = (tmp_path / "logs" / "latency" / "latency.jsonl").read_text().splitlines()
    seconds = [json.loads(line)["seconds"] for line in lines]
    if outcome.verdict is ProofVerdict.INVALID:
        assert outcome.reason
        return
    figures = {each.name: each.value for each in outcome.claims[0].figures}
    assert figures["p99 latency"] == pytest.approx(quantile_at_most(seconds, 0.99, SURE) * 1000)
    assert figures["requests"] == len(seconds)
    (plot,) = outcome.plots
    assert sum(count for _, count in plot.lines[0].points) == len(seconds)
