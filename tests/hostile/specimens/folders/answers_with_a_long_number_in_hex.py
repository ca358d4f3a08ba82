"""Hands in an answer that is too long for decimal digits, in digits of sixteen."""


def lay(folder):
    (folder / "answers.toml").write_text("total = 0x1" + "0" * 5000)
