"""Returns sets of values that are equal to nothing, not even themselves."""


def softmax(x):
    return {float("nan"), float("inf"), -0.0, 0, False, "", None, (), frozenset()}
