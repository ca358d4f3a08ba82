"""Hands in a case whose seed has thousands of digits."""


def lay(folder):
    (folder / "case.toml").write_text("seed = 1" + "0" * 4000)
    (folder / "answers.toml").write_text("total = 0\n")
