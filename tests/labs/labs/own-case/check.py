"""The answers to a case, as the check reads them and as a reader does."""

from gradus.check import claim


@claim("The total is right.", examples=1)
def the_total(folder, case):
    folder.toml("answers.toml")["total"].must_equal(case["total"])


@claim("The reader finds the total too.", examples=1)
def the_reading(folder, case, reader):
    reader.total().must_equal(case["total"])
