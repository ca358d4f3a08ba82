"""Branches of every kind."""

LIMIT = 3
_SCALE = 10


def kind(word):
    if word == "mean":
        return 1
    elif word == "sum":
        return 2
    else:
        return 3


def sign(x):
    """Its sign."""
    if x < 0:
        return -1
    if x == 0:
        return 0
    return 1


def clipped(x):
    if 0 <= x < LIMIT:
        y = x * _SCALE
    else:
        y = LIMIT
    return y


def either(x):
    return "small" if x < 1 else "large"


def chosen(x):
    y = 1 if x else 2
    return y + 0.5 * y


def measured(x):
    size = len(x)
    if size > 2 and size != 4:
        return f"{size:>5} {{of}} {x!r}"
    return f"few: {size}"


def counted(x, y=4):
    count = 0
    for each in x:
        if each is None or each != each:
            continue
        count = count + 1
    while count < 7 and count > 1:
        count += 2
    return count + 0, y


def called(x):
    return counted(y=3, x=x), counted([x], 3), counted([3], y=x)
