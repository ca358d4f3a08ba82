def total(x, y):
    return f'{x:{y}}'
