"""Reads the answers where the learner's code is not."""

import colorsys  # a module that nothing else has imported
import tomllib


def total(folder):
    """The total of `answers.toml`."""
    assert colorsys
    with (folder / "answers.toml").open("rb") as stream:
        return tomllib.load(stream)["total"]
