def total(x):
    if x == 1:
        return 1
    elif x == 'b':
        return 2
    return 3
