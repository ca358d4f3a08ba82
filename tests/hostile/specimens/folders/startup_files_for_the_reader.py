"""Hands in files that an interpreter runs when it starts."""


def lay(folder):
    (folder / "case.toml").write_text("seed = 0\n")
    (folder / "answers.toml").write_text("total = 0\n")
    for name in ("sitecustomize.py", "usercustomize.py", "tomllib.py", "numpy.py", "own.pth"):
        (folder / name).write_text("import os; os._exit(0)\n")
