"""Hands in answers that are nested deeper than a reader may recurse."""


def lay(folder):
    (folder / "answers.toml").write_text("total = " + "{a=" * 40_000)
