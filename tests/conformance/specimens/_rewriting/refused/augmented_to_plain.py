def total(x):
    x += 1
    return x
