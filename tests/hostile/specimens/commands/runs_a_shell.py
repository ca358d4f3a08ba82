"""Runs a shell, and programs that it wrote itself."""
import os
import subprocess
import sys

with open("program", "w") as stream:
    stream.write(f"#!{sys.executable}\nprint(10**6)\n")
os.chmod("program", 0o755)
for words in (["/bin/sh", "-c", "echo 1"], ["./program"], ["/usr/bin/env", "python3", "-c", "print(1)"]):
    try:
        subprocess.run(words)
    except OSError:
        continue
