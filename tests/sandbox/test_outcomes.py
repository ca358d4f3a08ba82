"""What is said of a child that ended."""

from gradus.sandbox import ChildEnded


def test_the_end_of_a_child_has_its_reason_and_its_words() -> None:
    ended = ChildEnded("time", "It took too long.")
    assert (ended.reason, ended.detail, str(ended)) == ("time", *["It took too long."] * 2)
