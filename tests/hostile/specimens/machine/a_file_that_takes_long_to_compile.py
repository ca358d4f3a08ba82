"""Compiles nested source without end. It varies."""


def softmax(x):
    compile("(" * 10**5 + ")" * 10**5, "x", "eval", dont_inherit=True)
    return x * 0
