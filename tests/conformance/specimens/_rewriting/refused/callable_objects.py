def total(x):
    __y = x
    return __y
