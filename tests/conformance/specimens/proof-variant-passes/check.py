"""A file that adds up."""

from gradus.check import claim


@claim("The file adds something up.", catches=["sorts_in_place"])
def adds_up(folder):
    folder.text("mean.py").must_contain("sum(")
