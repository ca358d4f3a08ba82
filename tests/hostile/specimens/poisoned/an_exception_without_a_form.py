"""Sends an exception whose fields have no form."""
import sys

frames = sys.modules["gradus_inside.frames"]
Server = sys.modules["gradus_inside.server"].Server


def send(self, kind, ref, value):
    raised = {"types": ["E" * 3000] * 40, "message": 5, "frames": {"a": 1}}
    frames.send(self.reply_fd, {"seq": self.sequence, "raised": raised})


def softmax(x):
    Server.send = send
    return x * 0
