def total(*x):
    return x
def table(x):
    return total(x, 1)
