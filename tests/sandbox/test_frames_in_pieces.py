"""Messages with several large buffers arrive whole, however the pipe cuts them."""

import os
import threading

import pytest

from gradus.sandbox.inside import frames


@pytest.mark.parametrize(
    "sizes", [(100_000, 50_000, 7), (65_536, 65_536), (1, 300_000, 0, 3), (), (70_000,)]
)
def test_a_message_of_large_buffers_arrives_whole(sizes: tuple[int, ...]) -> None:
    reading, writing = os.pipe()
    sent = [bytes([place % 251]) * size for place, size in enumerate(sizes, 1)]
    header = {"seq": 1, "op": "put", "fields": ["d"]}
    writer = threading.Thread(target=frames.send, args=(writing, header, sent))
    writer.start()
    got_header, got = frames.receive(reading)
    writer.join()
    os.close(reading)
    os.close(writing)
    assert got_header == header
    assert [bytes(each) for each in got] == sent
