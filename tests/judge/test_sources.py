"""Choices from a seed are NumPy's own, however they are made."""

import math
import zlib

import msgpack
import numpy as np
import pytest

from gradus.judge.sources import (
    Made,
    RecordedSource,
    Refitted,
    SeededSource,
    Stream,
    pack,
    unpack,
)

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


def test_every_number_of_the_entropy_counts():
    assert Stream((1, 2**40 + 5)).word() == np.random.PCG64([1, 2**40 + 5]).random_raw()
    assert len({Stream(each).word() for each in [(1, 2), (2, 1), (1,), (1, 2**32)]}) == 4


def test_the_largest_halves_are_drawn_again_as_by_numpy():
    size = 2**31 + 1  # almost half of all words are refused
    stream, numpy = Stream((5,)), np.random.default_rng([5])
    for _ in range(200):
        assert stream.integer(0, size - 1) == numpy.integers(0, size)


def test_a_range_of_one_number_takes_nothing_from_the_stream():
    stream = Stream((5,))
    assert [stream.integer(4, 4) for _ in range(3)] == [4, 4, 4]
    assert stream.word() == Stream((5,)).word()


def test_the_ends_of_a_range_are_drawn_a_little_more_often():
    source = SeededSource(Stream((0,)))
    drawn = [source.integer(0, 10**9) for _ in range(4000)]
    assert 170 < drawn.count(0) < 230
    assert 170 < drawn.count(10**9) < 230
    assert drawn == source.choices
    others = [each for each in drawn if 0 < each < 10**9]
    assert 0.48e9 < np.mean(others) < 0.52e9


def test_which_end_is_drawn_comes_from_the_stream_too():
    for seed in range(200):
        numpy = np.random.default_rng([seed])
        if numpy.random() < 0.1:
            expected = -3 if numpy.random() < 0.5 else 10**6
        else:
            expected = numpy.integers(-3, 10**6, endpoint=True)
        assert SeededSource(Stream((seed,))).integer(-3, 10**6) == expected


def test_numbers_are_of_their_kind_whatever_the_ends_are():
    wide = Stream((1,)).integer(0, 2**40)
    assert type(wide) is int
    assert type(SeededSource(Stream(()), "low").real(2, 9)) is float


def expected_real(seed, low, high):
    """A number as the docstring of `real` says it, from NumPy's generator."""
    numpy = np.random.default_rng([seed])
    even, manner = low + (high - low) * numpy.random(), numpy.random()
    if 0.05 <= manner < 0.25:
        return min(max(math.copysign(round(even), even), low), high)
    if 0.25 <= manner < 0.3:
        nearest = min(max(0.0, low), high)
        return nearest + (even - nearest) / 100
    return even


@pytest.mark.parametrize(("low", "high"), [(-2.75, 4.75), (3.25, 7.75), (-9.75, -1.25)])
def test_numbers_are_even_or_whole_or_near_zero(low, high):
    for seed in range(300):
        source = SeededSource(Stream((seed,)))
        drawn = source.real(low, high)
        assert drawn == pytest.approx(expected_real(seed, low, high), abs=1e-12)
        assert source.choices == [drawn]
        assert type(drawn) is float


@pytest.mark.parametrize(("low", "high"), [(-2.75, 4.75), (3.25, 7.75), (-9.75, -1.25)])
def test_arrays_are_even_or_constant_or_whole_or_near_zero(low, high):
    for seed in range(300):
        numpy = np.random.default_rng([seed])
        even, manner = numpy.uniform(low, high, (2, 3)), numpy.random()
        if manner < 0.05:
            expected = np.full((2, 3), even[0, 0])
        elif manner < 0.25:
            expected = np.clip(np.rint(even), low, high)
        elif manner < 0.3:
            nearest = min(max(0.0, low), high)
            expected = nearest + (even - nearest) / 100
        else:
            expected = even
        source = SeededSource(Stream((seed,)))
        drawn = source.array((2, 3), low, high)
        assert np.allclose(drawn, expected, rtol=0, atol=1e-12)
        assert source.choices[0] is drawn


def test_arrays_may_be_empty():
    for seed in range(60):
        assert SeededSource(Stream((seed,))).array((0, 3), -1.0, 1.0).shape == (0, 3)


@pytest.mark.parametrize(("low", "high", "nearest"), [(-2, 5, 0.0), (2, 5, 2), (-5, -2, -2)])
def test_the_low_end_of_numbers_is_what_is_nearest_to_zero(low, high, nearest):
    source = SeededSource(Stream(iter(())), "low")
    assert source.real(low, high) == nearest
    assert np.array_equal(source.array((2,), low, high), [nearest] * 2)
    assert source.integer(low, high) == low


def test_a_seed_may_try_a_filter_often_and_an_end_may_not():
    assert SeededSource(Stream((1,))).tries == RecordedSource([]).tries == 200
    assert SeededSource(Stream(()), "low").tries == SeededSource(Stream(()), "high").tries == 3
    assert Refitted([]).tries == 1


def test_what_was_chosen_for_nothing_is_forgotten():
    for source in (SeededSource(Stream((1,))), RecordedSource([1, 2, 3]), Refitted([])):
        for _ in range(3):
            source.integer(0, 9)
        first = list(source.choices)[:1]
        source.forget(1)
        assert source.choices == first


def test_wishes_are_kept_within_what_is_asked_for():
    source = Refitted([3, 40, -40, 2.5, 99.0, -99.0])
    assert [source.integer(0, 9) for _ in range(3)] == [3, 9, 0]
    assert [source.real(-1.0, 5.0) for _ in range(3)] == [2.5, 5.0, -1.0]
    assert source.choices == [3, 9, 0, 2.5, 5.0, -1.0]
    assert source.made[1] == Made(9, 0, 9)
    assert source.made[4] == Made(5.0, -1.0, 5.0)


def test_where_no_wish_is_left_the_simplest_is_chosen():
    source = Refitted([])
    assert source.integer(-4, 9) == -4
    assert source.real(-4.0, 9.0) == 0.0
    assert source.real(2.0, 9.0) == 2.0
    assert source.real(-9.0, -2.0) == -2.0
    assert np.array_equal(source.array((2,), -9.0, -2.0), [-2.0, -2.0])
    assert np.array_equal(source.array((2,), 3.0, 4.0), [3.0, 3.0])
    assert np.array_equal(source.array((2,), -3.0, 4.0), [0.0, 0.0])


def test_a_wish_of_another_kind_waits_for_its_turn():
    source = Refitted([2.5, 4])
    assert source.integer(0, 9) == 0
    assert source.real(0.0, 9.0) == 2.5
    assert source.integer(0, 9) == 4
    assert source.integer(0, 9) == 0


@pytest.mark.parametrize(
    ("shape", "tails", "expected"),
    [
        ((2, 2), False, [[1, 2], [4, 5]]),
        ((2, 2), True, [[2, 3], [5, 6]]),
        ((3, 4), False, [[1, 2, 3, 0], [4, 5, 6, 0], [0, 0, 0, 0]]),
        ((3, 4), True, [[0, 0, 0, 0], [0, 1, 2, 3], [0, 4, 5, 6]]),
        ((1, 4), True, [[0, 4, 5, 6]]),
        ((4,), False, [1, 2, 3, 4]),
        ((4,), True, [3, 4, 5, 6]),
        ((8,), False, [1, 2, 3, 4, 5, 6, 0, 0]),
        ((2, 1, 4), False, [[[1, 2, 3, 4]], [[5, 6, 0, 0]]]),
        ((0,), True, []),
    ],
)
def test_a_wished_array_is_laid_over_the_simplest(shape, tails, expected):
    wish = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    source = Refitted([wish], tails=tails)
    drawn = source.array(shape, -10.0, 10.0)
    assert np.array_equal(drawn, np.array(expected, float).reshape(shape))
    assert source.made[0].value is drawn
    assert (source.made[0].low, source.made[0].high) == (-10.0, 10.0)


def test_a_wished_array_is_clipped_to_its_range():
    source = Refitted([np.array([-50.0, 1.0, 50.0])])
    assert np.array_equal(source.array((4,), -2.0, 3.0), [-2.0, 1.0, 3.0, 0.0])


def test_ends_that_are_whole_numbers_make_no_whole_numbers():
    source = Refitted([0.5, 2.5, np.array([2.5, 0.5])])
    numbers = [source.real(1, 9), source.real(1, 9)]
    assert [repr(each) for each in numbers] == ["1.0", "2.5"]
    assert np.array_equal(source.array((3,), 1, 9), [2.5, 1.0, 1.0])
    assert repr(source.real(-9, -1)) == "-1.0"
    assert SeededSource(Stream(()), "low").array((1,), 1, 9).dtype == np.float64
    assert repr(SeededSource(Stream(()), "high").real(1, 9)) == "9.0"


@pytest.mark.parametrize(
    ("value", "low", "high", "simplest"),
    [(7, -4, 9, -4), (7.0, -4.0, 9.0, 0.0), (7.0, 2.0, 9.0, 2.0), (-7.0, -9.0, -2.0, -2.0)],
)
def test_the_simplest_of_whole_numbers_is_the_least(value, low, high, simplest):
    assert Made(value, low, high).simplest == simplest


def test_recorded_choices_come_again_in_their_order():
    array = np.array([[1.5, -2.0]])
    source = RecordedSource(unpack(pack([3, 2.5, array, 4])))
    assert (source.integer(0, 1), source.real(0.0, 1.0)) == (3, 2.5)
    assert np.array_equal(source.array((9,), 0.0, 1.0), array)
    assert source.real(0.0, 1.0) == 4.0
    assert len(source.choices) == 4


def test_what_is_packed_comes_back_as_it_was():
    arrays = [np.arange(6, dtype=">i2").reshape(2, 3), np.zeros((0, 2)), np.array(2.5)]
    record = {"a": [1, 2.5, None, "x"], 3: arrays}
    back = unpack(pack(record))
    assert back["a"] == record["a"]
    for array, again in zip(arrays, back[3], strict=True):
        assert np.array_equal(array, again)
        assert (array.dtype, array.shape) == (again.dtype, again.shape)
    assert len(pack([0] * 10_000)) < 100


def test_stored_inputs_are_read_by_later_versions():
    stored = zlib.decompress(pack([1, np.array([[1.5]], "<f8")]))
    assert stored.hex(" ") == (
        "92 01 c7 14 01 00 00 00 08 92 92 01 01 a3 3c 66 38 00 00 00 00 00 00 f8 3f"
    )


def test_only_plain_choices_are_packed():
    with pytest.raises(TypeError, match="a choice of type set cannot be recorded"):
        pack([{1}])
    assert msgpack.packb([1]) not in pack([1])
