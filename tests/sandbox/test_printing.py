"""What a stranger's words may hold when they are shown."""

import pytest

from gradus.sandbox.printing import printable


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("\0", "\\x00"),
        ("\b", "\\x08"),
        ("\v", "\\x0b"),
        ("\r", "\\r"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\x1f", "\\x1f"),
        ("\x7f", "\\x7f"),
        ("\x9b31m", "\\x9b31m"),
        ("\x9f", "\\x9f"),
        ("\u061c", "\\u061c"),
        ("\u200e\u200f", "\\u200e\\u200f"),
        ("\u2028\u2029", "\\u2028\\u2029"),
        ("\u202a\u202e", "\\u202a\\u202e"),
        ("\u2066\u2069", "\\u2066\\u2069"),
        ("\ud800\udfff", "\\ud800\\udfff"),
    ],
)
def test_what_would_steer_a_terminal_is_written_out(word: str, shown: str) -> None:
    assert printable(f"a{word}b") == f"a{shown}b"


def test_other_words_stay_as_they_are() -> None:
    words = "a b\tc\nd ~\xa0é \u200d\u2030\u2065\u206a\ud7ff\ue000😀 'x' \"y\" \\x00"
    assert printable(words) == words
