"""Leaves a report of tables within tables, each of which can just be read."""
with open("report.toml", "w") as stream:
    stream.write("words" + ".a" * 900 + " = 1\n")
print(1)
