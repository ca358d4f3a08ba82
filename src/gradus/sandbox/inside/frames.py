"""One message on a pipe: a msgpack header and raw buffers behind it.

    magic "GRD1" · u32 header bytes · u32 buffers · u64 bytes of each buffer · header · buffers

Both sides of the trust line use this file; it must not know what the messages mean.
"""

import os
import struct
from collections.abc import Sequence
from typing import Any

import msgpack

MAGIC = b"GRD1"
PRELUDE = struct.Struct("<4sII")
MAX_HEADER = 12 * 2**20
MAX_BUFFERS = 65_536
MAX_FRAME = 256 * 2**20
MAX_LISTS, MAX_MAPS = MAX_HEADER // 3, 2**14
"""A byte may stand for a list or a map of a hundred in memory; each list here begins with a tag."""
_JOIN_BELOW = 2**16


class FrameError(Exception):
    """The bytes are not a message of this format."""


class Closed(Exception):
    """The other side has gone."""


def pack(header: dict[str, Any], buffers: Sequence[Any] = ()) -> list[memoryview]:
    """Lay out one message as the pieces to write, in order."""
    body = msgpack.packb(header, use_bin_type=True)
    views = [memoryview(buffer).cast("B") if len(buffer) else memoryview(b"") for buffer in buffers]
    prelude = PRELUDE.pack(MAGIC, len(body), len(views))
    lengths = struct.pack(f"<{len(views)}Q", *[view.nbytes for view in views])
    head = memoryview(prelude + lengths + body)
    if head.nbytes + sum(view.nbytes for view in views) <= _JOIN_BELOW:
        return [memoryview(b"".join([head, *views]))]
    return [head, *(view for view in views if view.nbytes)]


def parse_prelude(raw: bytes | bytearray) -> tuple[int, int]:
    """Read header length and number of buffers; raises FrameError for lies."""
    magic, header_bytes, n_buffers = PRELUDE.unpack(raw)
    if magic != MAGIC:
        raise FrameError("a message starts with other bytes than it should")
    if header_bytes > MAX_HEADER or n_buffers > MAX_BUFFERS:
        raise FrameError("a message announces more than may be sent")
    return header_bytes, n_buffers


def parse_lengths(raw: bytes | bytearray) -> tuple[int, ...]:
    """Read the buffers' lengths in bytes; raises FrameError where their sum is too large."""
    lengths = struct.unpack(f"<{len(raw) // 8}Q", raw)
    if sum(lengths) > MAX_FRAME:
        raise FrameError("a message announces more than may be sent")
    return lengths


class _Bounded:
    """Takes what msgpack makes as it is, up to a number of times."""

    def __init__(self, most: int) -> None:
        self.left = most

    def __call__(self, made: Any, *_: Any) -> Any:
        self.left -= 1
        if self.left < 0:
            raise FrameError("a message holds more than may be sent")
        return made


def parse_header(raw: bytes | bytearray) -> dict[str, Any]:
    """Decode the msgpack header; raises FrameError for anything but a map with text keys."""
    hooks = {}
    if len(raw) > _JOIN_BELOW:
        most = {"list_hook": MAX_LISTS, "object_hook": MAX_MAPS, "ext_hook": 0}
        hooks = {name: _Bounded(number) for name, number in most.items()}
    try:
        header = msgpack.unpackb(raw, raw=False, strict_map_key=False, **hooks)
    except Exception as error:
        raise FrameError("a message's header cannot be read") from error
    if type(header) is not dict or not all(type(key) is str for key in header):
        raise FrameError("a message's header is not a map")
    return header


def _fill(fd: int, whole: bytearray, n_bytes: int, ahead: int = 0) -> None:
    """Read until there are `n_bytes`, and no more than that or `ahead` in one piece."""
    while len(whole) < n_bytes:
        got = os.read(fd, max(ahead, n_bytes - len(whole)))
        if not got:
            raise Closed
        whole += got


def receive(fd: int, ahead: bytearray | None = None) -> tuple[dict[str, Any], list[bytearray]]:
    """Read one message from a blocking descriptor; what comes behind it is kept in `ahead`.

    Without `ahead` nothing may come before a reply. This is the child's way; the judge has
    deadlines.
    """
    head = bytearray()
    if ahead:
        head += ahead
        ahead.clear()
    _fill(fd, head, PRELUDE.size, ahead=_JOIN_BELOW)
    header_bytes, n_buffers = parse_prelude(head[: PRELUDE.size])
    lengths_end = PRELUDE.size + 8 * n_buffers
    end = lengths_end + header_bytes
    _fill(fd, head, end)
    lengths = parse_lengths(head[PRELUDE.size : lengths_end])
    header = parse_header(head[lengths_end:end])
    buffers = []
    for length in lengths:
        buffer = head[end : end + length]
        end += len(buffer)
        _fill(fd, buffer, length)
        buffers.append(buffer)
    if end < len(head):
        if ahead is None:
            raise FrameError("a message is followed by another before it was answered")
        ahead += head[end:]
    return header, buffers


def send(fd: int, header: dict[str, Any], buffers: Sequence[Any] = ()) -> None:
    """Write one message to a blocking descriptor."""
    for piece in pack(header, buffers):
        done = 0
        while done < piece.nbytes:
            done += os.write(fd, piece[done:])
