def total(x):
    y = x
    y = y + 1
    return y
