"""Uses the processor without end."""


def softmax(x):
    while True:
        pass
