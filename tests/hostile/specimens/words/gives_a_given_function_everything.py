"""Calls the function that it was given with what it cannot take."""
from honest import *


def apply(function, items):
    for odd in ([], {}, "x" * 10**6, None, object(), function, b"", 10**4000, float("nan"), Ellipsis):
        try:
            function(odd, odd, key=odd)
        except BaseException:
            pass
        try:
            function(odd)
        except BaseException:
            pass
    return items
