"""What crosses the trust line, and what a liar may send."""

import math
from contextlib import suppress
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gradus.sandbox import wire
from gradus.sandbox.inside import frames, values
from gradus.sandbox.inside.frames import FrameError

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary(max_size=10_000)
)
PLAIN = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.tuples(inner, inner)
        | st.dictionaries(SCALARS, inner, max_size=5)
        | st.sets(SCALARS, max_size=5)
        | st.frozensets(SCALARS, max_size=5)
    ),
    max_leaves=20,
)
DTYPES = (
    hnp.boolean_dtypes()
    | hnp.integer_dtypes()
    | hnp.floating_dtypes()
    | hnp.complex_number_dtypes()
    | hnp.datetime64_dtypes()
    | hnp.byte_string_dtypes()
)


def round_trip(value: Any) -> Any:
    buffers: list[Any] = []
    node = wire.to_node(value, buffers)
    raw = b"".join(frames.pack({"value": node}, buffers))
    header_bytes, n_buffers = frames.parse_prelude(raw[: frames.PRELUDE.size])
    at = frames.PRELUDE.size + 8 * n_buffers
    lengths = frames.parse_lengths(raw[frames.PRELUDE.size : at])
    header = frames.parse_header(raw[at : at + header_bytes])
    at += header_bytes
    parts = []
    for length in lengths:
        parts.append(np.frombuffer(raw[at : at + length], np.uint8).copy())
        at += length
    assert at == len(raw)
    return wire.from_node(header["value"], parts)


def same(left: Any, right: Any) -> bool:
    if type(left) is not type(right):
        return False
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return len(left) == len(right) and all(same(left[key], right[key]) for key in left)
    return bool(left == right)


@given(PLAIN)
def test_plain_values_come_back_as_they_were(value: Any) -> None:
    assert same(value, round_trip(value))


@given(hnp.arrays(DTYPES, hnp.array_shapes(min_dims=0, min_side=0)))
def test_arrays_come_back_with_dtype_and_shape(array: np.ndarray) -> None:
    back = round_trip(array)
    assert back.dtype == array.dtype.newbyteorder("=")
    assert back.shape == array.shape
    assert np.array_equal(back, array, equal_nan=array.dtype.kind in "fcmM")


@given(hnp.from_dtype(np.dtype("f4")) | hnp.from_dtype(np.dtype("i2")))
def test_numpy_scalars_keep_their_dtype(scalar: Any) -> None:
    back = round_trip(scalar)
    assert type(back) is type(scalar)
    assert back == scalar or math.isnan(scalar)


def test_subclasses_cross_as_what_they_are_built_on() -> None:
    class Named(dict):
        pass

    class Wide(float):
        pass

    assert type(round_trip(Named(a=1))) is dict
    assert type(round_trip(Wide(1.5))) is float


@pytest.mark.parametrize(
    "view",
    [
        np.arange(12).reshape(3, 4).T,
        np.arange(12)[::-2],
        np.arange(4, dtype=">i4"),
        np.zeros((2, 0, 3)),
        np.array("text"),
        np.broadcast_to(np.float32(1), (3, 3)),
        np.arange(1_000).reshape(10, 100).T,
        np.arange(1_500)[::-2],
        np.arange(1_500, dtype=">i4"),
        np.array("text" * 1_000),
        np.broadcast_to(np.float32(1), (40, 40)),
    ],
    ids=[
        *("transposed", "reversed", "big-endian", "empty", "text", "broadcast"),
        *("large, transposed", "large, reversed", "large, big-endian", "long text"),
        "large, broadcast",
    ],
)
def test_views_of_any_kind_cross(view: np.ndarray) -> None:
    assert np.array_equal(round_trip(view), view)


def test_what_arrives_can_be_written_to() -> None:
    back = round_trip(np.zeros(3))
    back[0] = 1.0
    assert back[0] == 1.0


def test_half_of_a_character_is_written_out() -> None:
    assert round_trip("a\ud800b") == "a\\ud800b"


@pytest.mark.parametrize(
    "texts",
    [
        ["a", "", "b c"],
        ["a", "é", "日本"],
        ["a", "x" * 5_000, "b"],
        ["x" * 4_000] * 1_500,
        [type("Name", (str,), {})("a"), "b"],
    ],
    ids=["simple", "not ASCII", "one long", "many", "of a class of its own"],
)
def test_texts_in_a_row_cross_as_they_are(texts: list[str]) -> None:
    assert round_trip([texts, tuple(texts)]) == [texts, tuple(texts)]


def test_halves_of_characters_are_written_out_in_a_row_too() -> None:
    assert round_trip(["a", "\ud800"]) == ["a", "\\ud800"]


def test_too_many_texts_are_refused() -> None:
    with pytest.raises(values.TooLarge, match="more than"):
        round_trip(["a"] * (values.MAX_NODES + 1))


def test_what_contains_itself_is_refused_in_words() -> None:
    circle: list[Any] = []
    circle.append(circle)
    with pytest.raises(values.TooLarge, match="contains itself"):
        round_trip(circle)


def test_a_huge_array_is_refused_before_it_is_copied() -> None:
    huge = np.broadcast_to(np.float64(0), (10**5, 10**5))
    with pytest.raises(values.TooLarge, match="80 GB"):
        round_trip(huge)


def test_a_huge_whole_number_is_refused() -> None:
    with pytest.raises(values.TooLarge, match="bits"):
        round_trip(10**10_000)


LIES = {
    "no tag": [],
    "unknown tag": ["?", 1],
    "tag of another type": [3, 1],
    "map": {"a": 1},
    "missing buffer": ["a", "<f8", [1], 5],
    "negative buffer": ["a", "<f8", [1], -1],
    "shape too large": ["a", "<f8", [2], 0],
    "shape negative": ["a", "<f8", [-1, -1], 0],
    "shape of text": ["a", "<f8", "1", 0],
    "shape that overflows": ["a", "<f8", [2**62, 2**62, 4], 0],
    "empty and enormous": ["a", "<f8", [0, 2**62], 1],
    "objects": ["a", "|O", [1], 0],
    "records": ["a", "i4,f4", [1], 0],
    "dtype of another type": ["a", 7, [1], 0],
    "boolean of 2": ["a", "|b1", [8], 2],
    "impossible text": ["a", "<U2", [1], 2],
    "odd dict": ["d", 1],
    "list as a key": ["d", ["l"], 1],
    "array as a key": ["d", ["a", "<f8", [1], 0], 1],
    "array in a set": ["s", ["a", "<f8", [1], 0]],
    "complex of text": ["c", "1", "2"],
    "short complex": ["c", 1.0],
    "integer of words": ["i", "twelve"],
    "integer too long": ["i", "0x" + "f" * 10_000],
    "handle without a number": ["h", "1", "A", "a"],
    "handle that talks": ["h", 1, "A", "a" * 10_000],
    "scalar with a shape": ["n", "<f8", [1], 0],
    "tensor of nothing": ["T"],
    "tensor with a long name": ["T", "f" * 100, False, "<f8", [1], 0],
    "table of bytes": ["A", "pandas", 0],
    "table of no kind": ["A", ["l"], 0],
    "text that is none": ["x", 2],
    "colliding keys": ["s", *[["i", hex(n * (2**61 - 1))] for n in range(1, 1000)]],
}


@pytest.mark.parametrize("node", LIES.values(), ids=LIES.keys())
def test_a_lie_is_a_frame_error(node: Any) -> None:
    buffers = [np.zeros(8, np.uint8), np.zeros(0, np.uint8), np.full(8, 255, np.uint8)]
    with pytest.raises(FrameError):
        wire.from_node(node, buffers)


def test_a_deep_value_is_a_frame_error() -> None:
    node: Any = ["l"]
    for _ in range(200):
        node = ["l", node]
    with pytest.raises(FrameError):
        wire.from_node(node, [])


NODES = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=3) | st.binary(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.tuples(st.sampled_from("ltsfdicxyanhTA"), inner, inner).map(list)
        | st.tuples(
            st.sampled_from("an"),
            st.sampled_from(["<f8", "|b1", "<U1", "<M8[ns]", "|S0", "<f16"]),
            st.lists(st.integers(-1, 9), max_size=3),
            st.integers(-1, 2),
        ).map(list)
    ),
    max_leaves=10,
)


@settings(max_examples=300)
@given(NODES, st.lists(st.binary(max_size=64), max_size=2))
def test_any_node_is_a_value_or_a_frame_error(node: Any, raw: list[bytes]) -> None:
    buffers = [np.frombuffer(each, np.uint8) for each in raw]
    with suppress(FrameError):
        repr(wire.from_node(node, buffers))


@given(st.binary(max_size=200))
def test_any_header_is_a_map_or_a_frame_error(raw: bytes) -> None:
    with suppress(FrameError):
        assert type(frames.parse_header(raw)) is dict


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xc1",
        b"\x91" * 5000,
        msgpack.packb([1]),
        msgpack.packb({1: 2}),
        b"\xdf\xff\xff\xff\xff",
    ],
)
def test_a_malformed_header_is_a_frame_error(raw: bytes) -> None:
    with pytest.raises(FrameError):
        frames.parse_header(raw)


@pytest.mark.parametrize(
    ("item", "most"),
    [
        (b"\x91\xa1l", frames.MAX_LISTS - 1),  # the list around them is one, too
        (b"\x81\xa1a\x01", frames.MAX_MAPS - 1),  # so is the header
        (b"\xd4\x01\x01", 0),
    ],
)
def test_a_long_header_holds_no_more_than_a_value_may(item: bytes, most: int) -> None:
    filling = b"\xda\xff\xff" + b"x" * 65_535

    def header(count: int) -> bytes:
        return b"\x82\xa1x" + filling + b"\xa5value\xdd" + count.to_bytes(4, "big") + item * count

    assert len(frames.parse_header(header(most))["value"]) == most
    with pytest.raises(FrameError, match="header cannot be read"):
        frames.parse_header(header(most + 1))


def test_announcing_too_much_is_a_frame_error() -> None:
    with pytest.raises(FrameError):
        frames.parse_prelude(frames.PRELUDE.pack(frames.MAGIC, 2**31, 0))
    with pytest.raises(FrameError):
        frames.parse_prelude(frames.PRELUDE.pack(frames.MAGIC, 10, 2**31))
    with pytest.raises(FrameError):
        frames.parse_lengths(b"\xff" * 16)
