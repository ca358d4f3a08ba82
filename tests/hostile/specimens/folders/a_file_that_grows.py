"""Hands in a folder that is changed while it is read."""
import os
import threading
import time


def lay(folder):
    (folder / "answers.toml").write_text("total = 0\n")

    def swap():
        until = time.monotonic() + 0.5
        while time.monotonic() < until:
            try:
                os.replace(folder / "answers.toml", folder / "other.toml")
                os.symlink("/etc/passwd", folder / "answers.toml")
                os.unlink(folder / "answers.toml")
                os.mkfifo(folder / "answers.toml")
                os.replace(folder / "other.toml", folder / "answers.toml")
            except OSError:
                return

    thread = threading.Thread(target=swap)
    thread.start()
    time.sleep(0.05)
    from gradus.catalogue import load_lab
    from gradus.core.errors import UsageError
    from gradus.judge import read_submission

    for _ in range(20):
        try:
            read_submission(lab_of(folder), folder)
        except UsageError:
            continue
    thread.join()
    for each in list(folder.iterdir()):
        each.unlink()
    (folder / "answers.toml").write_text("total = 0\n")


def lab_of(folder):
    from pathlib import Path

    from gradus.catalogue import load_lab

    labs = Path(__file__).parents[3] / "labs"
    return load_lab(labs / "labs" / "own-case", labs)
