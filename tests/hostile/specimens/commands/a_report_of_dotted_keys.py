"""Leaves a report whose keys take the time of their square to read."""
with open("report.toml", "w") as stream:
    stream.write(".".join(["a"] * 400_000) + " = 1\n")
print(1)
