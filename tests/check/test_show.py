"""How values look to a learner."""

from gradus.check.show import show


def test_long_bytes_that_are_no_text_are_counted() -> None:
    assert show(b"\x80\x04" * 600) == "1,200 bytes"
    assert show(b"\x80\x04") == r"b'\x80\x04'"
    assert show(b"a text of more than forty letters, shown as it is").startswith("b'a text")
