"""Predicts a file of rows with the version in service: `python -m pumps.batch ROWS PREDICTIONS`."""

import json
import sys
from pathlib import Path

from pumps.model import chances, current, load

if __name__ == "__main__":
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    found = chances(load(current()), [json.loads(line) for line in lines if line])
    Path(sys.argv[2]).write_text("".join(f"{each!r}\n" for each in found), encoding="utf-8")
