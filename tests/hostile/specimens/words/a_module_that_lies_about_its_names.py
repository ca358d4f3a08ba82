"""Replaces its own module by an object that has every name."""
import sys

from honest import *


class Everything:
    def __getattr__(self, name):
        return lambda *a, **k: Everything()

    def __call__(self, *a, **k):
        return self


sys.modules[__name__].__class__ = type("Lying", (type(sys),), {"__getattr__": lambda s, n: Everything()})
for name in ("mean", "counts", "apply", "halves", "Tally", "refuse", "label"):
    globals()[name] = Everything()
