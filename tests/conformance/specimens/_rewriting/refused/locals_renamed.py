def total(x):
    y = x
    return eval('y')
