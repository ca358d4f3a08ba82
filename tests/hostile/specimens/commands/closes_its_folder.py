"""Closes its folder, so that nothing can be laid into it or read from it."""
import os

print(1)
with open("report.toml", "w") as stream:
    stream.write("words = 1\n")
os.chmod("report.toml", 0)
os.chmod(".", 0)
