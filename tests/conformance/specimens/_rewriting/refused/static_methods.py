import functools
@functools.cache
def total(x):
    return x
