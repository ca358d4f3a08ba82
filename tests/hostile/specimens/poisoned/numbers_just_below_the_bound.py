"""Returns whole numbers as long as may cross, many times."""


def softmax(x):
    return [2**13_999 - each for each in range(200)]
