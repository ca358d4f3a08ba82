def total(x):
    return any(each for each in x)
