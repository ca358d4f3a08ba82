"""Returns a whole number of a million digits. It varies."""


def softmax(x):
    return 7**1_200_000
