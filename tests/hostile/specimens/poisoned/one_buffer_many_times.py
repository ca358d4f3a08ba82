"""Sends one large buffer and names it a hundred thousand times."""
import sys

import numpy as np

server = sys.modules["gradus_inside.server"]
frames = sys.modules["gradus_inside.frames"]


def send(self, kind, ref, value):
    buffer = np.zeros(4 * 2**20, np.uint8)
    node = ["l", *[["a", "|b1", [len(buffer)], 0]] * 100_000]
    frames.send(self.reply_fd, {"seq": self.sequence, kind: ref, "value": node}, [buffer])


def softmax(x):
    server.Server.send = send
    return x * 0
