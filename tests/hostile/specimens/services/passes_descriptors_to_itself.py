"""Hides open files in messages to itself, where no limit counts them. It waits. It varies."""
import os
import socket
import time


async def app(scope, receive, send):
    if scope["type"] != "http":
        raise RuntimeError
    left, right = socket.socketpair()
    for number in range(200):
        fd = os.open(f"gone-{number}", os.O_RDWR | os.O_CREAT)
        os.unlink(f"gone-{number}")
        os.write(fd, b"x" * (2**20))
        socket.send_fds(left, [b"x"], [fd])
        os.close(fd)
    time.sleep(60)
