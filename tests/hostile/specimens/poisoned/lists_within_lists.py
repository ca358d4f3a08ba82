"""Returns lists within lists, deeper than anything may recurse."""


def softmax(x):
    whole = []
    for _ in range(10**5):
        whole = [whole]
    return whole
