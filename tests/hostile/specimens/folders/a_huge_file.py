"""Hands in a file that is larger than all that may be."""


def lay(folder):
    with (folder / "answers.toml").open("wb") as stream:
        stream.truncate(2**36)
