"""Becomes, or starts, another program."""
import os
import subprocess


def softmax(x):
    for words in (["/bin/sh", "-c", "sleep 60"], ["/usr/bin/env", "id"]):
        try:
            subprocess.Popen(words)
            raise SystemExit("started")
        except OSError:
            continue
    for path in ("/bin/sh", "/proc/self/exe"):
        try:
            os.execv(path, [path, "-c", "pass"] if path == "/bin/sh" else ["python"])
        except OSError:
            continue
    return x * 0
