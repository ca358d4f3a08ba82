"""Leaves a report with a number of thousands of digits."""
with open("report.toml", "w") as stream:
    stream.write("words = 1" + "0" * 5000)
print(1)
