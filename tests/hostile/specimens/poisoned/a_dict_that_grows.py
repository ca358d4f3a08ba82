"""Returns a dict that changes while it is read."""


class Growing(dict):
    def items(self):
        while True:
            yield object(), object()

    def __iter__(self):
        return iter(range(10**9))

    def __len__(self):
        return -1 & 0x7FFFFFFF


def softmax(x):
    return Growing(a=1)
