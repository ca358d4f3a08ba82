"""A program in the place of the interpreter that has schemathesis, which writes what is wanted."""

import sys
from pathlib import Path

RECORDED = Path(__file__).parent / "reports" / "derived.ndjson"
"""What schemathesis 4.32.5 reported for the document of `services/model.py`, shortened."""
_BEGINNING = """\
#!{python} -SE
import json, shutil, sys, time
words = sys.argv[1:]
report = words[words.index("--report-ndjson-path") + 1]
"""


def a_tool(folder: Path, lines: str = "") -> Path:
    """Return a program that runs lines of Python; without any it copies the recorded report."""
    path = folder / "tool"
    lines = lines or f"shutil.copy({str(RECORDED)!r}, report)"
    path.write_text(_BEGINNING.format(python=sys.executable) + lines + "\n")
    path.chmod(0o755)
    return path
