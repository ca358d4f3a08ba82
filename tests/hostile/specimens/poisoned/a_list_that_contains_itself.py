"""Returns a list that contains itself."""


def softmax(x):
    whole = [1.0]
    whole.append(whole)
    return whole
