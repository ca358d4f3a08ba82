"""The judge's end of the pipes: what is sent as what, and that nothing is waited for too long."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from gradus.core.values import Handle, Table, Tensor
from gradus.sandbox import Ref, Stub, wire
from gradus.sandbox.inside import frames
from gradus.sandbox.inside.frames import Closed, FrameError
from gradus.sandbox.tables import read_table

SECONDS = 3.0


def sent(value: Any) -> tuple[Any, list[Any]]:
    buffers: list[Any] = []
    return wire.to_node(value, buffers), buffers


def test_what_stayed_in_the_child_is_sent_as_its_number() -> None:
    assert sent([Ref(4), Handle(5, "Box", "Box()")]) == (["l", ["r", 4], ["r", 5]], [])


def test_a_function_of_ours_is_sent_as_its_number_and_name() -> None:
    assert sent(Stub(2, "loss")) == (["u", 2, "loss"], [])


@pytest.mark.parametrize("grad", [False, True])
def test_a_tensor_is_sent_with_its_dtype_and_comes_back(grad: bool) -> None:
    node, buffers = sent(Tensor(np.arange(6, dtype="f4").reshape(2, 3), "bfloat16", grad))
    assert node == ["T", "bfloat16", grad, "<f4", [2, 3], 0]
    back = wire.from_node(node, buffers)
    assert (back.dtype, back.requires_grad) == ("bfloat16", grad)
    assert back.array.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_a_table_is_sent_with_its_kind_and_comes_back() -> None:
    node, buffers = sent([b"x" * 5000, Table(pa.table({"n": [1, 2]}), "series")])
    assert node == ["l", ["y", 0], ["A", "series", 1]]
    assert read_table(buffers[1], "arrow").arrow.to_pydict() == {"n": [1, 2]}
    _, back = wire.from_node(node, buffers)
    assert (back.kind, back.arrow.to_pydict()) == ("series", {"n": [1, 2]})


@pytest.mark.parametrize("value", [object(), Tensor(np.array([object()]), "float32")])
def test_what_cannot_be_sent_is_named(value: Any) -> None:
    with pytest.raises(TypeError, match=f"a {type(value).__name__} cannot be sent to the child"):
        sent(value)


def test_the_fields_of_a_request_share_their_buffers() -> None:
    buffers: list[Any] = [b"earlier"]
    node = wire.fields_node({"ref": 3, "args": ["x" * 5000], "to": Ref(1)}, buffers)
    assert node == ["d", "ref", 3, "args", ["l", ["x", 1]], "to", ["r", 1]]
    assert [bytes(each) for each in buffers] == [b"earlier", b"x" * 5000]


def test_a_value_that_does_not_cross_is_changed_on_the_way() -> None:
    def change(value: Any) -> Any:
        return ["y" * 5000] if value is print else value

    buffers: list[Any] = []
    node = wire.fields_node({"args": [print, Ref(2)]}, buffers, change)
    assert node == ["d", "args", ["l", ["l", ["x", 0]], ["r", 2]]]
    assert [bytes(each) for each in buffers] == [b"y" * 5000]


def test_a_handle_is_read_and_steers_no_terminal() -> None:
    most = Handle(7, "K" * 100, "t" * 200)
    assert wire.from_node(["h", 7, "K" * 100, "t" * 200], []) == most
    assert wire.from_node(["h", 1, "\x1bA", "\x1bt"], []) == Handle(1, "\\x1bA", "\\x1bt")


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (["h", True, "K", "t"], "a handle has no known form"),
        (["h", 1, b"K", "t"], "a handle has no known form"),
        (["h", 1, "K", 5], "a handle has no known form"),
        (["h", 1, "K" * 101, "t"], "a handle says more than it may"),
        (["h", 1, "K", "t" * 201], "a handle says more than it may"),
        (["T", 5, False, "<f4", [1], 0], "a tensor has no known form"),
        (["T", "float32", 1, "<f4", [1], 0], "a tensor has no known form"),
        (["T", "float 32", False, "<f4", [1], 0], "a tensor has no known form"),
        (["T", "f" * 33, False, "<f4", [1], 0], "a tensor has no known form"),
        (["T", "float64", False, "<f4", [1], 0], "a tensor is of another dtype than its numbers"),
        (["T", "bfloat16", False, "<i4", [1], 0], "a tensor is of another dtype than its numbers"),
    ],
)
def test_what_is_no_handle_and_no_tensor_is_named(node: Any, words: str) -> None:
    with pytest.raises(FrameError, match=words):
        wire.from_node(node, [np.zeros(4, np.uint8)])


class Line:
    """A channel, and the child's ends of its pipes, which the test holds."""

    def __init__(self) -> None:
        self.request_fd, request = os.pipe()
        reply, self.reply_fd = os.pipe()
        output, self.output_fd = os.pipe()
        self.printed: list[bytes] = []
        self.looks: list[float] = []
        self.channel = wire.Channel(request, reply, output, self.printed.append, self.look)
        self.ours = request, reply, output
        self.began = time.monotonic()
        self.over = threading.Event()
        self.writers: list[threading.Thread] = []

    def look(self) -> None:
        """Be the watch over the limits, which ends a test that waits without end."""
        self.looks.append(time.monotonic())
        assert self.looks[-1] < self.began + 2 * SECONDS

    def receive(self, seconds: float = SECONDS) -> Any:
        """Receive one message and return its header and its buffers' bytes."""
        self.began = time.monotonic()
        self.looks.clear()
        header, buffers = self.channel.receive(self.began + seconds)
        return header, [bytes(each) for each in buffers]

    def later(self, *raw: bytes, fd: int | None = None, pause: float = 0.03) -> None:
        """Write each piece after a pause, as a child does."""

        def write() -> None:
            with suppress(OSError):
                for piece in raw:
                    if self.over.wait(pause):
                        return
                    done = 0
                    while done < len(piece):
                        done += os.write(self.reply_fd if fd is None else fd, piece[done:])

        self.writers.append(threading.Thread(target=write))
        self.writers[-1].start()

    def close(self) -> None:
        """Close everything; what still writes ends first."""
        self.over.set()
        close(*self.ours, self.request_fd)
        for each in self.writers:
            each.join()
        close(self.reply_fd, self.output_fd)


def close(*fds: int) -> None:
    for fd in fds:
        with suppress(OSError):
            os.close(fd)


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line()
    yield made
    made.close()


def packed(header: dict[str, Any], *buffers: bytes) -> bytes:
    return b"".join(frames.pack(header, buffers))


SIZES = [(), (7,), (100_000, 50_000, 7), (65_536, 65_536), (1, 300_000, 0, 3)]


@pytest.mark.parametrize("sizes", SIZES)
def test_messages_are_received_one_after_another(line: Line, sizes: tuple[int, ...]) -> None:
    buffers = [bytes([place]) * size for place, size in enumerate(sizes, 1)]
    line.later(packed({"a": "x" * 70_000}, *buffers) + packed({"b": 2}, b"y") + packed({"c": 3}))
    assert line.receive() == ({"a": "x" * 70_000}, buffers)
    assert line.receive() == ({"b": 2}, [b"y"])
    assert line.receive() == ({"c": 3}, [])


@pytest.mark.parametrize("cut", [3, 12, 20, 40, 100])
def test_a_message_may_come_in_pieces(line: Line, cut: int) -> None:
    whole = packed({"a": "x" * 60}, b"first", b"second")
    line.later(whole[:cut], whole[cut:])
    assert line.receive() == ({"a": "x" * 60}, [b"first", b"second"])


def test_a_small_message_is_taken_in_one_read(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = []
    readv = os.readv
    monkeypatch.setattr(os, "readv", lambda *args: reads.append(args) or readv(*args))
    whole = packed({"a": "x" * 30_000}, b"y" * 30_000)
    os.write(line.reply_fd, whole)
    assert line.receive() == ({"a": "x" * 30_000}, [b"y" * 30_000])
    assert len(reads) == 1


@pytest.mark.parametrize("sizes", SIZES)
def test_a_message_is_sent_whole(line: Line, sizes: tuple[int, ...]) -> None:
    buffers = [bytes([place]) * size for place, size in enumerate(sizes, 1)]
    told: list[Any] = []

    def read() -> None:
        line.over.wait(0.02)
        with suppress(Closed):
            told.append(frames.receive(line.request_fd))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        line.channel.send({"a": 1}, buffers, time.monotonic() + SECONDS)
    finally:
        os.close(line.ours[0])
        reader.join()
    assert told == [({"a": 1}, buffers)]


def overdue(line: Line, act: Callable[[float], Any], seconds: float) -> float:
    """Return how long something took that is not done in time."""
    line.began = began = time.monotonic()
    line.looks.clear()
    with pytest.raises(wire.Overdue):
        act(began + seconds)
    return time.monotonic() - began


def test_what_does_not_come_is_waited_for_as_long_as_was_said(line: Line) -> None:
    assert 0.25 <= overdue(line, line.channel.receive, 0.25) < 0.75


def test_what_comes_in_part_is_waited_for_as_long_as_was_said(line: Line) -> None:
    os.write(line.reply_fd, packed({"a": 1}, b"buffer")[:-1])
    assert 0.25 <= overdue(line, line.channel.receive, 0.25) < 0.75


def test_what_is_not_read_is_waited_for_as_long_as_was_said(line: Line) -> None:
    buffers = [b"x" * 2**21]
    assert 0.25 <= overdue(line, lambda until: line.channel.send({}, buffers, until), 0.25) < 0.75


def test_what_is_there_in_time_is_taken_even_if_there_is_little_left(line: Line) -> None:
    os.write(line.reply_fd, packed({"a": 1}))
    assert line.receive(0.5) == ({"a": 1}, [])


def best(measure: Callable[[], float], enough: float) -> float:
    """Return the least of a few measurements, the first that is little enough if there is one."""
    least = measure()
    for _ in range(40):
        if least < enough:
            break
        least = min(least, measure())
    return least


def test_a_wait_ends_at_its_deadline_and_not_at_the_next_look(line: Line) -> None:
    assert best(lambda: overdue(line, line.channel.receive, 0.001), 0.005) < 0.005


def test_the_limits_are_looked_at_soon_and_then_less_often(line: Line) -> None:
    first, second = [], []
    for _ in range(40):
        overdue(line, line.channel.receive, 0.08)
        first.append(line.looks[0] - line.began)
        second.append(line.looks[1] - line.looks[0])
        if min(first) < 0.018 and min(second) < 0.045:
            break
    assert 0.01 <= min(first) < 0.018
    assert 0.03 <= min(second) < 0.045


def test_between_looks_it_sleeps(line: Line) -> None:
    """Whatever was waited for before, and whether its output is open."""
    os.close(line.output_fd)
    overdue(line, lambda until: line.channel.send({}, [b"x" * 2**21], until), 0.1)
    while os.read(line.request_fd, 2**16) == b"x" * 2**16:
        continue
    assert overdue(line, line.channel.receive, 0.2) >= 0.2
    assert len(line.looks) <= 12


def test_what_is_printed_is_taken_before_the_answer_that_follows_it(line: Line) -> None:
    os.write(line.output_fd, b"words")
    os.write(line.reply_fd, packed({"a": 1}))
    line.receive()
    assert line.printed == [b"words"]


def test_what_is_printed_is_taken_at_once(line: Line) -> None:
    line.later(b"words", fd=line.output_fd)
    line.channel.printed = lambda raw: os.write(line.reply_fd, packed({"said": raw}))
    assert line.receive() == ({"said": b"words"}, [])


def test_much_is_taken_of_what_is_printed_at_once(line: Line) -> None:
    os.write(line.output_fd, b"x" * 2**16)
    line.channel.drain()
    assert line.printed == [b"x" * 2**16]


def test_everything_that_is_printed_is_taken_until_it_is_closed(line: Line) -> None:
    line.channel.drain()
    os.write(line.output_fd, b"some")
    line.channel.drain()
    os.write(line.output_fd, b"more")
    os.close(line.output_fd)
    line.channel.drain()
    line.channel.drain()
    assert line.printed == [b"some", b"more"]


def test_more_than_a_child_may_print_ends_the_wait(line: Line) -> None:
    def refuse(raw: bytes) -> None:
        raise LookupError(raw)

    line.channel.printed = refuse
    line.later(b"words", fd=line.output_fd)
    with pytest.raises(LookupError):
        line.receive()


@pytest.mark.parametrize("said", [b"", b"GRD", packed({"a": 1}, b"buffer" * 8_000)[:-1]])
def test_a_child_that_closes_its_line_has_gone(line: Line, said: bytes) -> None:
    os.write(line.reply_fd, said)
    os.close(line.reply_fd)
    with pytest.raises(Closed):
        line.receive()


def test_a_child_that_does_not_read_any_more_has_gone(line: Line) -> None:
    os.close(line.request_fd)
    with pytest.raises(Closed):
        line.channel.send({"a": 1}, [], time.monotonic() + SECONDS)


def test_a_channel_that_was_closed_holds_nothing_and_says_that_it_is_closed(line: Line) -> None:
    line.channel.close()
    for fd in line.ours:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(fd)
    with pytest.raises(Closed):
        line.receive()
    with pytest.raises(Closed):
        line.channel.send({"a": 1}, [], time.monotonic() + SECONDS)


def test_work_is_done_instead_of_waiting_until_there_is_none(line: Line) -> None:
    order: list[str] = []

    def piece() -> bool:
        order.append("piece")
        return len(order) < 500

    def look() -> None:
        order.append("look")
        if len(order) == 503:
            os.write(line.reply_fd, packed({"a": 1}))

    line.channel.meanwhile, line.channel.watch = piece, look
    began = time.monotonic()
    assert line.receive() == ({"a": 1}, [])
    assert order == ["piece"] * 500 + ["look"] * 3
    assert time.monotonic() - began < 0.4


def test_work_stops_where_the_answer_comes(line: Line) -> None:
    calls = []

    def piece() -> bool:
        calls.append(1)
        if len(calls) == 3:
            os.write(line.reply_fd, packed({"a": 1}))
        return True

    line.channel.meanwhile = piece
    line.later(packed({"late": 1}), pause=SECONDS / 2)
    assert line.receive() == ({"a": 1}, [])
    assert len(calls) == 3
    assert line.channel.meanwhile is piece
