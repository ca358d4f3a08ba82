"""Has a length that is negative, enormous, or no number."""
from honest import *


class Tally(Tally):
    def __len__(self):
        return "two"
