"""Versions of the model as files: written whole, put into service by renaming a pointer."""

import json
import os
from pathlib import Path

HERE = Path(__file__).parent / "models"


def write(path, text):
    """Write a file whole or not at all."""
    beside = path.with_suffix(f".{os.getpid()}")
    beside.write_text(text)
    beside.replace(path)


def save(name, model):
    """Keep a version."""
    HERE.mkdir(exist_ok=True)
    write(HERE / f"{name}.json", json.dumps(model))


def load(name):
    """Return a version."""
    return json.loads((HERE / f"{name}.json").read_text())


def next_name():
    """Return the name of the next version."""
    taken = [int(path.stem[1:]) for path in HERE.glob("v*.json")]
    return f"v{max(taken, default=0) + 1}"


def history():
    """Return the versions that were put into service, the present one last."""
    try:
        return (HERE / "history").read_text().split()
    except FileNotFoundError:
        return []


def put(names):
    """Put the last version of a history into service."""
    write(HERE / "history", "\n".join(names))
