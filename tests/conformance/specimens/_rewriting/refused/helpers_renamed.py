def _one(x):
    return x
def total(x):
    return globals()['_one'](x)
