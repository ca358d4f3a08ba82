"""What a child says, and what it asks of us, is believed in its one form only."""

from typing import Any

import pytest

from gradus.sandbox import wire
from gradus.sandbox.inside.frames import FrameError
from gradus.sandbox.outcomes import Raised, Returned
from gradus.sandbox.replies import call_stub, read_replies, read_reply

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
        ([{"x": 1, 0: ONE, 1: 0}], 1),
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


def said(**changed: Any) -> dict[str, Any]:
    return {"raised": {"types": ["KeyError"], "message": "no", "frames": []} | changed}


def test_what_was_raised_steers_no_terminal() -> None:
    told = read_reply(said(types=["\x1b[1m"], message="\x1b[2J", frames=["a.py\r"]), [])
    assert told == Raised(("\\x1b[1m",), "\\x1b[2J", ("a.py\\r",))


def test_an_exception_without_a_class_is_one() -> None:
    assert read_reply(said(types=[]), []) == Raised(("Exception",), "no", ())


def test_as_much_as_may_be_said_of_an_exception_is_read() -> None:
    text = "x" * 2400
    most = said(types=[text] * 32, message=text, frames=[text] * 16)
    assert read_reply(most, []) == Raised((text,) * 32, text, (text,) * 16)


@pytest.mark.parametrize(
    "raised",
    [
        None,
        ["types", "message", "frames"],
        {"types": [], "message": "no"},
        said(more=1)["raised"],
        *[said(message=message)["raised"] for message in (None, 7, b"no", "x" * 2401)],
        *[said(types=types)["raised"] for types in (None, 7, "no", ["x"] * 33)],
        *[said(types=types)["raised"] for types in ([7], [b"x"], ["x", "x" * 2401])],
        *[said(frames=frames)["raised"] for frames in (None, "no", ["x"] * 17, [7])],
    ],
)
def test_an_exception_of_another_form_is_malformed(raised: Any) -> None:
    with pytest.raises(FrameError):
        read_reply({"raised": raised}, [])


def test_a_function_is_called_with_what_the_child_sent() -> None:
    header = {"callback": 3, "value": ["l", ["l", 1, ["x", 0]], ["d", "key", 2]]}
    stubs = {3: lambda *args, **kwargs: [args, kwargs, "y" * 5000]}
    message, buffers = call_stub(header, [b"text"], stubs)
    assert set(message) == {"answer"}
    told = wire.from_node(message["answer"], buffers)
    assert told == [(1, "text"), {"key": 2}, "y" * 5000]


@pytest.mark.parametrize(
    ("number", "value"),
    [
        (2, ["l", ["l"], ["d"]]),
        (True, ["l", ["l"], ["d"]]),
        ([], ["l", ["l"], ["d"]]),
        (1, None),
        (1, ["t", ["l"], ["d"]]),
        (1, ["l", ["l"]]),
        (1, ["l", ["l"], ["d"], 1]),
        (1, ["l", ["t"], ["d"]]),
        (1, ["l", ["l"], ["t"]]),
        (1, ["l", ["l"], ["d", 1, 2]]),
        (1, ["l", ["l"], ["d", "key", 1, 2, 3]]),
        (1, ["l", ["l", ["x", 0]], ["d"]]),
    ],
)
def test_a_call_of_another_form_calls_nothing(number: Any, value: Any) -> None:
    calls = []
    with pytest.raises(FrameError):
        call_stub({"callback": number, "value": value}, [], {1: lambda *a, **k: calls.append(a)})
    assert calls == []


def test_a_call_without_arguments_is_malformed() -> None:
    with pytest.raises(FrameError):
        call_stub({"callback": 1}, [], {1: lambda: None})


def refusal(stub: Any) -> Any:
    told, buffers = call_stub({"callback": 1, "value": ["l", ["l"], ["d"]]}, [], {1: stub})
    assert buffers == []
    return told


def test_what_a_function_raises_is_told_by_name_and_cut() -> None:
    def fail() -> None:
        raise LookupError("x" * 3000)

    assert refusal(fail) == {"raise": ["LookupError", "x" * 1999 + "…"]}


def test_what_a_function_raises_crosses_whatever_its_words() -> None:
    def fail() -> None:
        raise LookupError("a\ud800b")

    assert refusal(fail) == {"raise": ["LookupError", "a\\ud800b"]}


def test_an_answer_that_is_too_large_is_an_error_of_the_call() -> None:
    words = "the answer is too large to send: a whole number of 33,220 bits"
    assert refusal(lambda: 10**10_000) == {"raise": ["ValueError", words]}
