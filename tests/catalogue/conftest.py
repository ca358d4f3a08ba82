"""A small content folder that each test spoils in its own way."""

from pathlib import Path

import pytest

LAB = """\
format = 1
title = "A lab"
curriculum = "A01"
layer = "ground"
skills = ["count"]
needs = []
minutes = 30
environment = "base"
imports = ["numpy"]
profile = "compute"
tools = ["abacus"]
naming = "behaviour"

[entry]
kind = "function"
path = "work.py"
names = ["work"]

[sizes]
rows = 100

[quick]
rows = 10
"""
GROUND = """\
title = "Ground"
order = 1

[skills.count]
can_do = "Count."
needs = []
sources = ["000 L1"]

[skills.add]
can_do = "Add."
needs = ["count"]
sources = []
ours = true
"""
UPPER = """\
title = "Upper floor"
order = 2

[skills.multiply]
can_do = "Multiply."
needs = ["add"]
sources = ["000 L2", "001 L3-5"]
"""
TOOLS = """\
[tools.abacus]
name = "Abacus"
group = "Frames"
what_for = "Counting."
sources = ["000 L1"]
labs = ["A01"]
"""
CURRICULUM = """\
[[items]]
id = "A01"
title = "Counting"
kind = ["function"]
layer = "ground"
minutes = 30
needs = []
skills = ["count"]

[[items]]
id = "A02"
title = "Adding"
kind = ["function", "quiz"]
layer = "upper"
minutes = 45
needs = ["A01"]
skills = ["add", "multiply"]
"""


class Tree:
    """A content folder in which every file can be rewritten."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.lab = root / "labs" / "a-lab"

    def write(self, path: str, text: str) -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        return target

    def replace(self, path: str, old: str, new: str) -> Path:
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text
        return self.write(path, text.replace(old, new))


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    tree = Tree(tmp_path / "content")
    tree.write("skills/ground.toml", GROUND)
    tree.write("skills/upper.toml", UPPER)
    tree.write("tools.toml", TOOLS)
    tree.write("curriculum.toml", CURRICULUM)
    tree.write(
        "environments/base.toml",
        'summary = "Numbers."\npython = ">=3.11"\nimports = ["numpy"]\ntested_on = ["linux"]\n',
    )
    tree.write("environments/base.lock", "numpy==2.0\n")
    tree.write("labs/a-lab/lab.toml", LAB)
    tree.write("labs/a-lab/check.py", '"""Judges."""\n')
    tree.write("simulators/weather.py", '"""Weather."""\n')
    return tree
