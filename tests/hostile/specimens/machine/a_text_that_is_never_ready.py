"""Returns an object whose text is never ready."""


class Slow:
    def __repr__(self):
        while True:
            pass


def softmax(x):
    return Slow()
