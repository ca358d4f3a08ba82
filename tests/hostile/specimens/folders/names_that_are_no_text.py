"""Hands in files whose names are no text."""
import os


def lay(folder):
    with open(os.fsencode(folder) + b"/\xff\xfe.toml", "w") as stream:
        stream.write("x")
    (folder / "\x1b[2J\x1b[32mPASSED").write_text("x")
