"""What is no text of Python is refused, each with a sentence that says why."""

import pytest

from gradus.judge.text import refuse_unreadable
from gradus.judge.trouble import DoesNotLoad


def said_of(content: bytes) -> tuple[str, tuple[str, ...]]:
    with pytest.raises(DoesNotLoad) as refused:
        refuse_unreadable("work.py", content)
    assert str(refused.value) == refused.value.reason
    return refused.value.reason, refused.value.frames


@pytest.mark.parametrize(
    "content",
    [
        b"x = 1",
        b"\xef\xbb\xbfx = '\xc3\xa9'",
        b"# coding: latin-1\nx = '\xe9'",
        b"\n# coding: cp1252\nx = '\x80'",
        b"# coding: utf-8-sig\nx = 1",
    ],
)
def test_a_text_is_read_in_the_encoding_that_it_names(content: bytes) -> None:
    refuse_unreadable("work.py", content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "work.py is empty."),
        (b" \n\t", "work.py is empty."),
        (b"x = 1\0", "work.py is a binary file, not a Python text."),
        (b"x = 1\n\ny = '\xe9'\n\n", "work.py is not in utf-8: see line 3. Save it as UTF-8."),
        (b"# coding: ascii\n\xe9\n", "work.py is not in ascii: see line 2. Save it as UTF-8."),
        (b"# coding: utf-16\n", "work.py is not in utf-16: see line 1. Save it as UTF-8."),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(content: bytes, said: str) -> None:
    assert said_of(content) == (said, ())


@pytest.mark.parametrize(
    "encoding",
    [
        "nope",
        "rot13",
        "undefined",
        "idna",
        "IDNA",
        "-idna",
        "punycode",
        "punycode_",
        "unicode_escape",
        "Unicode-Escape_",
        "raw_unicode_escape",
    ],
)
def test_an_encoding_that_nobody_writes_is_refused(encoding: str) -> None:
    """Python forgives what is no letter or digit around the name."""
    said = "work.py is not in UTF-8, nor in an encoding that its first lines name."
    assert said_of(f"# coding: {encoding}\nx = ',Y@'".encode()) == (f"{said} Save it as UTF-8.", ())
    assert said_of(b"\xe9") == (f"{said} Save it as UTF-8.", ())
