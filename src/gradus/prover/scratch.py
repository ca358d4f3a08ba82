"""A temporary folder that goes when Gradus is gone, also where Gradus was killed.

Run as a program: `python -m gradus.prover.scratch FOLDER` waits for the end of its standard input,
which only Gradus holds open, and removes the folder.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_TRIES = 50
"""Services that are ending may still write; so the folder is removed until it is gone."""


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """Make a folder; it is gone with the context, whatever becomes of this process."""
    place = Path(tempfile.mkdtemp(prefix="gradus-prove-"))
    sweeper = subprocess.Popen(
        [sys.executable, "-P", "-m", "gradus.prover.scratch", str(place)],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield place
    finally:
        assert sweeper.stdin is not None
        sweeper.stdin.close()
        sweeper.wait()


def main(place: Path) -> int:
    """Wait for the end of our input, then remove the folder."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while os.read(0, 64):
        pass
    for _ in range(_TRIES):
        shutil.rmtree(place, ignore_errors=True)
        if not place.exists():
            return 0
        time.sleep(0.2)
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
