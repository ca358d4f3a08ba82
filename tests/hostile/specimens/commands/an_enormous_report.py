"""Leaves a report, and more besides, that is enormous."""
with open("report.toml", "wb") as stream:
    stream.write(b"# " + b"x" * (3 * 2**20) + b"\nwords = 1")
print(1)
