"""Raises an exception whose class, text and arguments all raise."""


class Odd(Exception):
    @property
    def args(self):
        raise SystemExit(0)

    def __str__(self):
        raise KeyboardInterrupt

    def __getattribute__(self, name):
        raise GeneratorExit


def softmax(x):
    raise Odd
