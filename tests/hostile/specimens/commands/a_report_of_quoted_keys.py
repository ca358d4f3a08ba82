"""Leaves a report whose keys, quoted blanks, take the time and memory of their square to read."""
with open("report.toml", "w") as stream:
    stream.write(".".join(['" "'] * 15_900) + " = 1\n")
print(1)
