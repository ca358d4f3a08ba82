"""Choices from a seed are NumPy's own, however they are made."""

import numpy as np
import pytest

from gradus.judge.sources import SeededSource, Stream

SEEDS = [0, 1, 7, 2**31, 2**32, 2**40 + 5, 2**63 - 1]
RANGES = [(0, 0), (0, 1), (-3, 9), (0, 2**31 - 1), (0, 2**32 - 2), (-(2**40), 2**40)]


@pytest.mark.parametrize("seed", SEEDS)
def test_whole_numbers_are_those_of_numpy(seed):
    stream, numpy = Stream((7, seed, 3)), np.random.default_rng([7, seed, 3])
    for low, high in RANGES * 40:
        assert stream.integer(low, high) == numpy.integers(low, high, endpoint=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_numbers_and_arrays_share_one_stream(seed):
    stream, numpy = Stream((seed,)), np.random.default_rng([seed])
    for _ in range(50):
        assert stream.integer(0, 5) == numpy.integers(0, 5, endpoint=True)
        assert np.array_equal(stream.uniform(-1.0, 2.0, (3,)), numpy.uniform(-1.0, 2.0, size=3))
        assert (stream.word() >> 11) * 2.0**-53 == numpy.random()


def test_every_manner_of_number_stays_in_its_range():
    drawn = []
    for seed in range(400):
        drawn.append(SeededSource(Stream((seed,))).real(-2.5, 4.25))
    assert min(drawn) >= -2.5
    assert max(drawn) <= 4.25
    assert any(each == int(each) for each in drawn)
    assert any(0 < abs(each) < 0.05 for each in drawn)


def test_the_two_ends_are_drawn_without_a_stream():
    for tilt, number in (("low", 2), ("high", 9)):
        source = SeededSource(Stream(iter(())), tilt)
        assert source.integer(2, 9) == number
        assert source.real(2.0, 9.0) == number
        assert np.array_equal(source.array((2,), 2.0, 9.0), [number, number])
