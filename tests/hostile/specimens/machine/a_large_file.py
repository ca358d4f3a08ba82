"""Writes one file that is too large. It varies."""


def softmax(x):
    with open("large", "wb") as stream:
        while True:
            stream.write(b"x" * 2**20)
