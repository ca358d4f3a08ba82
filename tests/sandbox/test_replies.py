"""What a child says of several requests at once is believed in its one form only."""

from typing import Any

import pytest

from gradus.sandbox.inside.frames import FrameError
from gradus.sandbox.outcomes import Raised, Returned
from gradus.sandbox.replies import read_replies

ONE = {"ok": 1, "value": 7}
TEXT = {"ok": 2, "value": ["x", 0]}
FELL = {"raised": {"types": ["ValueError"], "message": "no", "frames": []}}


def test_each_reply_reads_its_own_buffers() -> None:
    told = read_replies(
        [[TEXT, 0, 1], [ONE, 1, 0], [FELL, 1, 0], [TEXT, 1, 2]], [b"a", b"b", b"c"], 4
    )
    assert told[:2] == [Returned(2, "a"), Returned(1, 7)]
    assert told[2] == Raised(("ValueError",), "no", ())
    assert told[3] == Returned(2, "b")


@pytest.mark.parametrize(
    ("listed", "count"),
    [
        (None, 1),
        ({}, 0),
        ([[ONE, 0, 0]], 2),
        ([[ONE, 0, 0], [ONE, 0, 0]], 1),
        ([ONE], 1),
        ([[ONE, 0]], 1),
        ([[[], 0, 0]], 1),
        ([[ONE, 0, -1]], 1),
        ([[ONE, 0, True]], 1),
        ([[ONE, 0, 1.0]], 1),
        ([[ONE, 1, 0]], 1),
        ([[TEXT, 0, 1], [TEXT, 0, 1]], 2),
        ([[TEXT, 0, 0]], 1),
        ([[{"value": 1}, 0, 0]], 1),
        ([[{"ok": "1", "value": 1}, 0, 0]], 1),
    ],
)
def test_anything_else_is_malformed(listed: Any, count: int) -> None:
    with pytest.raises(FrameError):
        read_replies(listed, [b"text"], count)
