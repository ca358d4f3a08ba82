def total(x):
    return dict(a=x.pop(), b=x.pop())
