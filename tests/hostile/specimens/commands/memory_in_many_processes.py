"""Takes memory in many processes at once. It waits. It varies."""
import os
import time

for _ in range(6):
    if os.fork() == 0:
        kept = bytearray(200 * 2**20)
        for place in range(0, len(kept), 4096):
            kept[place] = 1
        time.sleep(60)
time.sleep(60)
