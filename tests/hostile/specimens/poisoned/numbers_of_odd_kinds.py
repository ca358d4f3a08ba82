"""Returns dates, durations and times that are none."""
import numpy as np


def softmax(x):
    kinds = ["NaT", "2000-01-01", "-9999999-01-01"]
    return [np.datetime64(each) for each in kinds] + [np.timedelta64(2**62, "Y"), np.timedelta64("NaT")]
