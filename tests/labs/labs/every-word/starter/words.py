"""What the check asks for."""

from collections import Counter


def mean(x):
    return float(sum(x) / len(x))


def counts(letters):
    return dict(Counter(letters))


def apply(function, items):
    return [function(each) for each in items]


def halves(items):
    for each in items:
        yield each / 2


class Tally:
    def __init__(self):
        self.items = []

    @property
    def total(self):
        return sum(self.items)

    def add(self, item):
        self.items.append(item)

    def __len__(self):
        return len(self.items)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None


def refuse(number):
    if number < 0:
        raise ValueError("a negative number")
    return number


def label(text):
    return f"label: {text}"
