"""What explains that a request was late, from times alone: no service and no clock."""

import math

import pytest

from gradus.prover.asking import Asked, excused, queued, refuse_explained
from gradus.prover.claims import InvalidRun
from gradus.prover.exchange import Exchange, Outcome, Response
from gradus.prover.traffic import Traffic


class Waited:
    """A watch that saw the service wait for a processor from `began` to `ended`, and not else."""

    def __init__(self, began, ended, work=0.0):
        self.began, self.ended, self.work = began, ended, work

    def explains(self, excess, began, ended):
        return 0 < min(self.ended, ended) - max(self.began, began) >= excess

    def worked(self, began, ended):
        return self.work * (ended - began)


def exchange(number, intended, ended, outcome=Outcome.ANSWERED):
    code = 200 if outcome is Outcome.ANSWERED else 0
    return Exchange(number, intended, intended, intended, ended, outcome, Response(code))


def asked(*times, wrong=()):
    exchanges = tuple(exchange(n, *each) for n, each in enumerate(times))
    texts = tuple("wrong" if n in wrong else "" for n in range(len(times)))
    return Asked(Traffic(exchanges, 1000.0, 0.0, 9.0), (), texts)


def test_a_request_that_came_when_nothing_was_under_way_counts_from_itself():
    times = [(0.0, 0.1), (0.1, 0.3), (0.2, 0.25), (0.28, 0.4), (0.5, 0.6)]
    exchanges = [exchange(n, *each) for n, each in enumerate(times)]
    assert queued(exchanges) == [(0.0, 0), (0.1, 0), (0.1, 1), (0.1, 2), (0.5, 0)]


def test_who_queues_is_excused_by_what_held_up_those_before():
    queue = asked((0.0, 2.0), (1.9, 3.0), (2.9, 4.0))
    assert excused(queue, 0.1, Waited(1000.0, 1001.95)).tolist() == [True, True, True]


def test_a_wait_that_was_over_before_the_service_was_idle_excuses_nobody_after():
    apart = asked((0.0, 2.0), (2.1, 3.2))
    assert excused(apart, 0.1, Waited(1000.0, 1001.95)).tolist() == [True, False]


def test_a_queue_that_grows_by_itself_is_not_excused_by_a_short_wait():
    queue = asked((0.0, 2.0), (0.1, 3.0), (0.2, 4.0))
    assert excused(queue, 0.1, Waited(1000.0, 1000.5)).tolist() == [False, False, False]


def test_a_queue_that_the_whole_machine_could_not_have_served_in_time_is_not_excused():
    queue = asked((0.0, 2.0), (0.1, 3.0), (2.5, 4.0))
    for work, explained in ((0.2, [True, True, True]), (0.24, [True, False, True])):
        watch = Waited(1000.0, 1004.0, work=work * 3 / 4)
        assert excused(queue, 0.35, watch).tolist() == explained


def test_requests_that_were_given_up_are_not_counted_as_work_done():
    times = [(0.0, 2.0), *[(0.1, 10.1, Outcome.TIMED_OUT)] * 8, (11.0, 12.0)]
    queue, watch = asked(*times), Waited(1000.0, 1012.0, work=0.2)
    assert excused(queue, 1.5, watch).tolist() == [False, *[False] * 8, True]


def test_a_wrong_answer_is_never_excused():
    queue = asked((0.0, 2.0), (1.9, 3.0), wrong=[1])
    assert excused(queue, 0.1, Waited(1000.0, 1003.0)).tolist() == [True, False]


def test_a_request_within_the_bound_less_our_own_lateness_is_excused():
    late = Exchange(0, 0.0, 0.5, 0.5, 0.55, Outcome.ANSWERED, Response(200))
    seen = Asked(Traffic((late,), 1000.0, 0.0, 1.0), (), ("",))
    assert excused(seen, 0.1, Waited(math.inf, math.inf)).tolist() == [True]


def test_a_run_in_which_the_machine_held_up_half_of_what_hung_says_nothing():
    hung = [exchange(0, 0.0, 10.0, Outcome.TIMED_OUT)]
    refuse_explained(hung, 1000.0, Waited(1000.0, 1004.9))
    with pytest.raises(InvalidRun, match="too much of this machine to say what hangs"):
        refuse_explained(hung, 1000.0, Waited(1000.0, 1005.0))


def test_a_slow_answer_is_no_hang():
    refuse_explained([exchange(0, 0.0, 10.0)], 1000.0, Waited(1000.0, 1010.0))
