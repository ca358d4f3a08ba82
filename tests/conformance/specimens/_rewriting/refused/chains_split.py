def total(x):
    return 0 < x.pop() < 5
