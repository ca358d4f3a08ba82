"""Leaves a process behind, in a session of its own, that goes on after the answer."""
import os
import time

with open("report.toml", "w") as stream:
    stream.write("words = 7")
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            time.sleep(0.01)
    os._exit(0)
print(1)
