"""Hands in links to the files of others."""
import os


def lay(folder):
    os.symlink("/etc/passwd", folder / "answers.toml")
    os.symlink("/etc", folder / "etc")
    os.symlink("/proc/self/environ", folder / "environ")
    os.symlink(".", folder / "itself")
