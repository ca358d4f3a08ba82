"""Has attributes of attributes without end, and some that never answer."""
from honest import *


class Tally:
    def __getattr__(self, name):
        while True:
            pass
