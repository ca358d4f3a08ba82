"""Work that counts how often it was asked, and can end; and claims about it."""

from gradus.check import claim

COUNTS = """
runs = []


def count():
    runs.append(1)
    return len(runs)


def twice(x):
    return 2 * x


def leaves(status):
    import os

    os._exit(status)


def spins():
    while True:
        pass
"""


@claim("It counts from 1.", examples=1)
def is_fresh(work):
    work.count().must_equal(1)


@claim("It counts to 2.", examples=1)
def has_run(work):
    work.count().must_equal(2)


@claim("It goes on.", examples=1)
def goes_on(work):
    work.leaves(3)
