import numpy as np
def total(numpy):
    return np.sum(numpy)
