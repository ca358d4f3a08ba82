import math
def total(x):
    f = getattr(math, 'floor')
    return f(x)
