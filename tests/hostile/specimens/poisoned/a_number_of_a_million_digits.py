"""Returns a whole number of a million digits."""


def softmax(x):
    return 7**1_200_000
