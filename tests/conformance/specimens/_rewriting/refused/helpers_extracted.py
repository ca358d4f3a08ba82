def total(x):
    if x:
        y = 1
    return (x and y) + 1
