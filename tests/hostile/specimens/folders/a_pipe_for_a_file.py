"""Hands in a pipe where a file should be."""
import os


def lay(folder):
    os.mkfifo(folder / "answers.toml")
