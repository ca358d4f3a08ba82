"""Hands in a module that the lab's reader would import instead of its own."""


def lay(folder):
    (folder / "case.toml").write_text("seed = 0\n")
    (folder / "answers.toml").write_text("total = 0\n")
    (folder / "colorsys.py").write_text(
        "import sys\n"
        "sys.modules['gradus_folder'].bound = lambda *a: (lambda *a: 10**6)\n"
        "raise SystemExit('run')\n"
    )
