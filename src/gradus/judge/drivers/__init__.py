"""Small programs that run beside the learner's code in the child, sent there as text.

They hold nothing secret and decide nothing.
"""

from importlib.resources import files


def driver_source(name: str) -> str:
    """Return the source of a driver, such as `sql`."""
    return (files(__name__) / f"{name}.py").read_text(encoding="utf-8")
