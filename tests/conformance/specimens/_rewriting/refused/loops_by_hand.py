def total(x):
    for each in x:
        pass
    else:
        return 1
    return 2
