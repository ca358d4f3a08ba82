"""How a judging ends early, as it is told where nobody asks for its parts."""

from gradus.judge.trouble import DoesNotLoad


def test_what_does_not_load_is_told_by_its_reason_without_the_frames() -> None:
    trouble = DoesNotLoad("work.py stops: KeyError.", ("line 3",))
    assert str(trouble) == trouble.reason == "work.py stops: KeyError."
    assert trouble.frames == ("line 3",)
    assert DoesNotLoad("work.py is empty.").frames == ()
