"""The judge's end of the pipes: plain values out, checked values in, never waiting for ever.

Whatever bytes arrive, only `FrameError`, `Closed` and `Overdue` leave here.
"""

import os
import re
import select
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core.values import Handle, Table, Tensor
from .inside import frames, values
from .inside.frames import Closed, FrameError
from .outcomes import Ref, Stub
from .printing import printable
from .tables import read_table

_FIRST_LOOK, _NEXT_LOOKS = 0.01, 0.03
_PIECE = 2**16

_DTYPE = re.compile(r"[a-z0-9_]{1,32}")
_SENT_AS = {"bfloat16": "float32"}


class Overdue(Exception):
    """The time for an answer is over."""


def to_node(value: Any, buffers: list[Any]) -> Any:
    """Turn a judge's value into a node and add its raw buffers."""
    sink = values.Sink(_judge_node)
    sink.buffers = buffers
    return values.encode(value, sink)


def fields_node(
    fields: dict[str, Any], buffers: list[Any], change: Callable[[Any], Any] | None = None
) -> Any:
    """Turn a request's fields into the node of a dict.

    `change` gives what is sent for a value that does not cross as it is.
    """

    def other(value: Any, sink: values.Sink) -> Any:
        sent = value if change is None else change(value)
        return _judge_node(value, sink) if sent is value else values.encode(sent, sink)

    sink = values.Sink(other)
    sink.buffers = buffers
    node: list[Any] = ["d"]
    for name, value in fields.items():
        node += [name, values.encode(value, sink)]
    return node


def _judge_node(value: Any, sink: values.Sink) -> Any:
    if isinstance(value, (Ref, Handle)):
        return ["r", value.ref]
    if isinstance(value, Stub):
        return ["u", value.id, value.name]
    if isinstance(value, Tensor):
        inner = values.array_node("T", value.array, sink, np)
        if inner is not None:
            return [inner[0], value.dtype, value.requires_grad, *inner[1:]]
    if isinstance(value, Table):
        return ["A", value.kind, _arrow_bytes(value.arrow, sink)]
    raise TypeError(f"a {type(value).__name__} cannot be sent to the child")


def _arrow_bytes(table: Any, sink: values.Sink) -> int:
    import pyarrow

    stream = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table)
    raw = stream.getvalue()
    return sink.buffer(raw, raw.size)


def from_node(node: Any, buffers: list[Any]) -> Any:
    """Make the value that a child sent; raises FrameError for anything outside the format."""
    if type(node) in values.SCALARS:
        return node
    return values.decode_whole(node, values.Source(buffers, _TAGS))


def _make_handle(source: values.Source, node: list[Any], depth: int) -> Handle:
    _, ref, kind, text = node
    if type(ref) is not int or type(kind) is not str or type(text) is not str:
        raise FrameError("a handle has no known form")
    if len(kind) > 100 or len(text) > 200:
        raise FrameError("a handle says more than it may")
    return Handle(ref, printable(kind), printable(text))


def _make_tensor(source: values.Source, node: list[Any], depth: int) -> Tensor:
    tag, dtype, requires_grad, *inner = node
    if type(dtype) is not str or type(requires_grad) is not bool or not _DTYPE.fullmatch(dtype):
        raise FrameError("a tensor has no known form")
    array = values.make_array(source, [tag, *inner])
    if array.dtype.name != _SENT_AS.get(dtype, dtype):
        raise FrameError("a tensor is of another dtype than its numbers")
    return Tensor(array, dtype, requires_grad)


def _make_table(source: values.Source, node: list[Any], depth: int) -> Table:
    _, kind, place = node
    return read_table(source.buffer(place), kind)


_TAGS = {"h": _make_handle, "T": _make_tensor, "A": _make_table}


class Channel:
    """Two pipes to a child and one from its stdout and stderr, with deadlines on everything.

    `meanwhile` is done, a piece at a time, instead of waiting, until it says that nothing is left.
    """

    def __init__(
        self,
        request_fd: int,
        reply_fd: int,
        output_fd: int,
        printed: Callable[[bytes], None],
        watch: Callable[[], None],
    ) -> None:
        self.request_fd, self.reply_fd, self.output_fd = request_fd, reply_fd, output_fd
        self.printed, self.watch = printed, watch
        self.poller = select.poll()
        self.poller.register(output_fd, select.POLLIN)
        self.output_open = True
        self.meanwhile: Callable[[], bool] | None = None
        self._ahead = bytearray()
        self._piece = bytearray(_PIECE)
        for fd in (request_fd, reply_fd, output_fd):
            os.set_blocking(fd, False)

    def close(self) -> None:
        """Close this end."""
        for fd in (self.request_fd, self.reply_fd, self.output_fd):
            os.close(fd)

    def send(self, header: dict[str, Any], buffers: list[Any], deadline: float) -> None:
        """Write one message; raises Closed or Overdue."""
        self.send_pieces(frames.pack(header, buffers), deadline)

    def send_pieces(self, pieces: Sequence[memoryview], deadline: float) -> None:
        """Write a message that is laid out; raises as `send` does."""
        for piece in pieces:
            done = 0
            while done < piece.nbytes:
                try:
                    done += os.write(self.request_fd, piece[done:])
                except BlockingIOError:
                    self._wait(self.request_fd, select.POLLOUT, deadline)
                except OSError as error:
                    raise Closed from error

    def receive(self, deadline: float) -> tuple[dict[str, Any], list[Any]]:
        """Read one message; raises Closed, Overdue or FrameError."""
        head, self._ahead = self._ahead, bytearray()
        self._fill(head, frames.PRELUDE.size, deadline)
        header_bytes, n_buffers = frames.parse_prelude(head[: frames.PRELUDE.size])
        lengths_end = frames.PRELUDE.size + 8 * n_buffers
        end = lengths_end + header_bytes
        self._fill(head, end, deadline)
        lengths = frames.parse_lengths(head[frames.PRELUDE.size : lengths_end])
        header = frames.parse_header(head[lengths_end:end])
        buffers = []
        for length in lengths:
            known = head[end : end + length]
            end += len(known)
            buffers.append(self._rest_of(known, length, deadline))
        self._ahead = head[end:]
        return header, buffers

    def _fill(self, head: bytearray, n_bytes: int, deadline: float) -> None:
        """Read until `head` has at least `n_bytes`; a small message comes in one piece."""
        while len(head) < n_bytes:
            head += self._piece[: self._read(self._piece, deadline)]

    def _rest_of(self, known: bytearray, n_bytes: int, deadline: float) -> Any:
        """Return a buffer that begins with `known`, its rest read in large pieces."""
        whole = np.empty(n_bytes, np.uint8)
        view, done = whole.data, len(known)
        view[:done] = known
        while done < n_bytes:
            done += self._read(view[done:], deadline)
        return whole

    def _read(self, view: bytearray | memoryview, deadline: float) -> int:
        """Read what has come, at least one byte, and return how much it is."""
        self._wait(self.reply_fd, select.POLLIN, deadline)
        try:
            n_read = os.readv(self.reply_fd, [view])
        except OSError as error:
            raise Closed from error
        if not n_read:
            raise Closed
        return n_read

    def _wait(self, fd: int, events: int, deadline: float) -> None:
        """Wait until `fd` is ready, draining what is printed and watching the limits.

        What is printed before an answer is there before it, so it is seen here too.
        """
        self.poller.register(fd, events)
        look = _FIRST_LOOK
        try:
            while True:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise Overdue
                pause = 0 if self.meanwhile else 1000 * min(look, left)
                ready = [which for which, _ in self.poller.poll(pause)]
                if self.output_fd in ready:
                    self.drain()
                if fd in ready:
                    return
                if self.meanwhile:
                    self.meanwhile = self.meanwhile if self.meanwhile() else None
                    continue
                self.watch()
                look = _NEXT_LOOKS
        finally:
            self.poller.unregister(fd)

    def drain(self) -> None:
        """Take what was printed so far, without waiting."""
        while self.output_open:
            try:
                raw = os.read(self.output_fd, _PIECE)
            except BlockingIOError:
                return
            except OSError:
                raw = b""
            if not raw:
                self.poller.unregister(self.output_fd)
                self.output_open = False
                return
            self.printed(raw)
