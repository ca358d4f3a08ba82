"""Calls the function that it was given for as long as it may. It varies."""
from honest import *


def apply(function, items):
    while True:
        function(1.0)
