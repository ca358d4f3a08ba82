"""Has a context that swallows every exception and gives another object."""
from honest import *


class Tally:
    def __enter__(self):
        return type("Other", (), {"add": lambda s, i: s, "total": 0, "__len__": lambda s: 10**18})()

    def __exit__(self, *error):
        return True
