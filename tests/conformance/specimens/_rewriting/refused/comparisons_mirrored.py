def total(x):
    return x.pop() < x.pop()
