"""Hands in a case that is no number, or nested without end."""


def lay(folder):
    (folder / "case.toml").write_text("seed = " + "[" * 100_000)
    (folder / "answers.toml").write_text("total = 0\n")
