"""Sends msgpack extension types and timestamps that a reader may turn into objects."""
import os
import struct
import sys

import msgpack

frames = sys.modules["gradus_inside.frames"]


def softmax(x):
    for code in (-1, 0, 1, 42):
        value = msgpack.ExtType(code, b"\xff" * 12) if code != -1 else msgpack.Timestamp(0, 0)
        body = msgpack.packb({"seq": 9, "ok": 1, "value": ["l", value]})
        os.write(255, frames.PRELUDE.pack(frames.MAGIC, len(body), 0) + body)
    return x * 0
