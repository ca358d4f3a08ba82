"""Small programs that run beside the learner's code in the child, sent there as text.

They hold nothing secret and decide nothing.
"""

from importlib.resources import files

from gradus.check.far import Outcome
from gradus.judge.far_child import ChildFar


def driver_source(name: str) -> str:
    """Return the source of a driver, such as `sql`."""
    return (files(__name__) / f"{name}.py").read_text(encoding="utf-8")


def load_driver(far: ChildFar, name: str) -> Outcome:
    """Load a driver into a child."""
    return far.request("run_source", source=driver_source(name), name=f"gradus_{name}")
