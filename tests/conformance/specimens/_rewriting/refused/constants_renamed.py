A = 1
def total(x):
    global A
    A = 2
    return x + A
