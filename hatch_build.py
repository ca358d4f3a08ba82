"""Puts content, examples and front end into the wheel; builds the front end where it must.

It must not reach the network itself: npm does, and only when the front end has to be built.
"""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):
    """One hook for the wheel and for the source distribution."""

    def dependencies(self) -> list[str]:
        """Ask for Node only where the front end has to be built."""
        front_end = load_front_end(Path(self.root))
        return [] if front_end.is_built() else [front_end.NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Lay the content into the wheel; an editable install reads both where they are."""
        if version == "editable":
            return
        root = Path(self.root)
        front_end = load_front_end(root)
        if not front_end.is_built():
            front_end.build()
        if self.target_name == "wheel":
            build_data["force_include"][str(root / "content")] = "gradus/_content"
            for path in example_files(root / "examples"):
                place = path.relative_to(root / "examples").as_posix()
                build_data["force_include"][str(path)] = f"gradus/_examples/{place}"


def example_files(folder: Path) -> list[Path]:
    """Return the files of the examples, without what they write when they are run."""
    written = {"state", ".gradus", "__pycache__"}
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [path for path in found if not written & set(path.relative_to(folder).parts)]


def load_front_end(root: Path) -> ModuleType:
    """Load `frontend/build.py`, which `make` runs too."""
    spec = importlib.util.spec_from_file_location("front_end", root / "frontend" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
