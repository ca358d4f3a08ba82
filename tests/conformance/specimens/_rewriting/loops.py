"""Loops and lists."""

from itertools import pairwise
from math import floor, sqrt


def _twice(x):
    return x + x


_thrice = lambda x: x * 3


def squares(x):
    found = []
    for each in x:
        if each > 0:
            found.append(each * each)
    return found


def doubled(x):
    return [_twice(each) for each in x if each == each]


def steps(x):
    found = {}
    for number, (left, right) in enumerate(pairwise(x)):
        found[number] = right - left
    return list(found.values()), tuple(found)


def total(x, y=0.5):
    whole = 0.0
    for each in x:
        whole += each**2
    return sqrt(sum(each for each in x if each > 0)) + whole * y


def rooms(x):
    a = floor(x)
    return _twice(a), _thrice(a), max(each for each in (a, 4))


def nested(x):
    rows = [[a, b] for a in x for b in x]

    def inner(row):
        kept = row[0]
        return kept

    return [inner(each) for each in rows]
