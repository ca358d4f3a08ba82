"""Sends one long text and names it a hundred thousand times. It varies."""
import sys

server = sys.modules["gradus_inside.server"]
frames = sys.modules["gradus_inside.frames"]


def send(self, kind, ref, value):
    buffer = b"x" * (4 * 2**20)
    node = ["l", *[["x", 0]] * 50_000]
    frames.send(self.reply_fd, {"seq": self.sequence, kind: ref, "value": node}, [buffer])


def softmax(x):
    server.Server.send = send
    return x * 0
