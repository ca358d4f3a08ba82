import torch, numpy as np
def total(x, y):
    return x @ y
