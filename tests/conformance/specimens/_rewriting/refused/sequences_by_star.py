def list(x):
    return x
def total(x):
    return list(x)
