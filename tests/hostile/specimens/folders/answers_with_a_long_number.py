"""Hands in an answer of thousands of digits."""


def lay(folder):
    (folder / "answers.toml").write_text("total = 1" + "0" * 5000)
