"""Hands in folders within folders, deeper than a walk may recurse."""
import os


def lay(folder):
    here = os.getcwd()
    try:
        os.chdir(folder)
        for _ in range(1500):
            os.mkdir("d")
            os.chdir("d")
        with open("deep.txt", "w") as stream:
            stream.write("deep")
    finally:
        os.chdir(here)
