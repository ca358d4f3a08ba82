import pandas as pd
import numpy as np
def total(x):
    return x.sum()
