"""Returns texts with lone surrogates, null bytes and orders to a terminal."""


def softmax(x):
    return ["\ud800\udfff", "a\0b", "\x1b[2J\x9b1A\u202e\u2066PASSED", "\r\n" * 3]
