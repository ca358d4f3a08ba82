def _one(x):
    return x + x
def total(x):
    return _one(x.pop())
