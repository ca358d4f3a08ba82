"""Makes every look at its names raise or return something else."""
from honest import *

mean = counts = apply = halves = Tally = refuse = label = 5
