"""Leaves a report that is nested deeper than a reader may recurse."""
with open("report.toml", "w") as stream:
    stream.write("words = " + "[" * 50_000)
print(1)
