"""Lacks a name, and says of its other names what has no form."""
import sys

Server = sys.modules["gradus_inside.server"].Server
Server.op_names = lambda self, ref: (0, [1, ["a"], None])


def mean(x):
    return 0.0
