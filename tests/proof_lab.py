"""A small lab that asks for proofs, written into a content folder of a test's own."""

from pathlib import Path

LAB = """\
format = 1
title = "Live scores"
curriculum = "X07"
layer = "foundations-mathematics"
skills = ["la-eigen"]
needs = []
minutes = 90
environment = "base"
imports = []

[entry]
kind = "folder"
path = "."

[proof]
names = ["start", "contract", "baseline"]
core = ["start"]
n_rows = 12
n_labelled = 240

[proof.labels]
label = "paid"
measure = "absolute-error"
baseline = "usual"

[proof.promises]
p99_ms = 500
ready_seconds = 20

[proof.catches]
start = ["deaf"]
contract = ["deaf"]
baseline = ["deaf"]
"""
CHECK = '''\
"""A readme that says how to start."""

from gradus.check import claim


@claim("The readme says how to start.", catches=["silent"])
def says_how_to_start(folder):
    folder.text("README.md").must_contain("make start")
'''
ROWS = '''\
"""Payments, with what became of them."""

import random


def rows(seed, n):
    """Return payments that occur nowhere else."""
    rng = random.Random(seed)
    return [
        {"amount": round(rng.uniform(1, 90), 2), "hour": rng.randrange(24), "abroad": n % 3 == 0}
        for n in range(n)
    ]


def labelled(seed, n):
    """Return other payments with what was paid, and a usual guess."""
    return [
        {**row, "paid": 0.3 * row["amount"] - 0.1 * row["hour"], "usual": 0.0}
        for row in rows(seed + 1, n)
    ]
'''

DECLARED = """\
format = 1

[prove]
name = "scores"
start = {start}
offline = {offline}

[prove.contract]
name = "plain-json"
field = "rows"
output = "predictions"
echo = "X-Request-ID"
"""


def lay_proof_lab(root: Path, item: str = "X07") -> Path:
    """Write the lab `live-scores` below a content folder and return its folder."""
    lab = root / "labs" / "live-scores"
    (lab / "starter").mkdir(parents=True)
    for name, text in (
        ("lab.toml", LAB.replace("X07", item)),
        ("check.py", CHECK),
        ("rows.py", ROWS),
        ("starter/README.md", "# Scores\n"),
        ("starter/.gitignore", "*.log\n"),
        ("starter/gradus.toml", "format = 1\n"),
        ("lesson.md", "# Live scores\n\n## Why\n\nBecause.\n"),
        ("hints.md", "## 1\n\nLook.\n\n## 2\n\nThink.\n\n## 3\n\nWrite.\n"),
    ):
        (lab / name).write_text(text)
    return lab
