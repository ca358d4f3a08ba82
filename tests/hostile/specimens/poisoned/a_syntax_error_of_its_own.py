"""Raises a syntax error whose fields are all wrong."""


def softmax(x):
    raise SyntaxError("PASSED", ("../../../etc/passwd", -5, 10**9, "\x1b[2J" * 1000))
