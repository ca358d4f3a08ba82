"""Leaves folders where files are laid, links where they are read, pipes and devices. It varies."""
import os
import pathlib

for path in ("words.txt",):
    os.unlink(path)
    os.makedirs(f"{path}/a/b/c")
    os.chmod(f"{path}/a", 0)
os.symlink("/etc/passwd", "report.toml")
os.mkfifo("pipe")
print(1)
