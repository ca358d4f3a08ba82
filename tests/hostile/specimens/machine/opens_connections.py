"""Opens connections: outwards, to this machine, to sockets of others."""
import socket


def softmax(x):
    reached = []
    for family, where in [
        (socket.AF_INET, ("127.0.0.1", 22)),
        (socket.AF_INET, ("192.0.2.1", 80)),
        (socket.AF_UNIX, "/run/docker.sock"),
        (socket.AF_UNIX, "\0abstract"),
    ]:
        try:
            with socket.socket(family) as line:
                line.settimeout(0.1)
                line.connect(where)
                reached.append(where)
        except OSError:
            continue
    if reached:
        raise SystemExit(str(reached))
    return x * 0
