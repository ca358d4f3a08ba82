def total(x):
    for each in x:
        return each
    return None
