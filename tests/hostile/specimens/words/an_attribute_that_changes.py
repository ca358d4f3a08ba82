"""Has attributes that differ each time they are read."""
import itertools

from honest import *

counter = itertools.count()


class Tally(Tally):
    @property
    def total(self):
        return 7 if next(counter) > 10**6 else None
