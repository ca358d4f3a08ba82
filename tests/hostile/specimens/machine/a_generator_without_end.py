"""Returns a generator that never ends."""


def softmax(x):
    def endless():
        while True:
            yield 1.0

    return endless()
