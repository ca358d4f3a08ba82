"""Hands in a socket and what is no file at all."""
import os
import socket


def lay(folder):
    here = os.getcwd()
    os.chdir(folder)
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.bind("answers.toml")
    finally:
        os.chdir(here)
