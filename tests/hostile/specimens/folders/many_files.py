"""Hands in more files than may be."""


def lay(folder):
    for number in range(5_001):
        (folder / f"file-{number}").write_bytes(b"")
