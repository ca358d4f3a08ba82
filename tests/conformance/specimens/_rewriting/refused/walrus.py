def total(x):
    y = x
    if len(x) and y:
        return 1
    return 2
