"""The standard library's own."""

import statistics


def mean(numbers):
    return statistics.fmean(numbers)
