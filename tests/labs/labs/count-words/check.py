"""What a command prints and what it leaves."""

from gradus.check import claim, draw


@claim("It prints how many words there are.", examples=2, n=draw.integers(1, 30))
def prints(command, n):
    ran = command.run("words.txt", files={"words.txt": b"word " * n})
    ran["exit"].must_equal(0)
    ran["stdout"].must_equal(f"{n}\n")


@claim("It leaves a report.", examples=1, n=draw.integers(1, 30))
def leaves(command, n):
    command.run("words.txt", files={"words.txt": b"word " * n})
    command.toml("report.toml")["words"].must_equal(n)
    command.run("words.txt", files={"words.txt": b"word "})
    command.toml("report.toml")["words"].must_equal(1)
    command.has("words.txt").must_equal(True)
