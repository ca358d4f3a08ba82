"""What a child says, read without believing it: raises `FrameError` for anything but a reply."""

from collections.abc import Callable, Mapping
from typing import Any

from . import wire
from .inside import values
from .inside.faults import MESSAGE_LENGTH, clean
from .inside.frames import FrameError
from .outcomes import Raised, Reply, Returned
from .printing import printable

_TEXT, _TYPES, _FRAMES = 2400, 32, 16


def read_reply(header: dict[str, Any], buffers: list[Any]) -> Reply:
    """Return what one request gave."""
    if "raised" in header:
        return _raised(header["raised"])
    ref = header.get("ok")
    if type(ref) is not int:
        raise FrameError("a reply has no known form")
    return Returned(ref, wire.from_node(header.get("value"), buffers))


def read_replies(listed: Any, buffers: list[Any], count: int) -> list[Reply]:
    """Return what each of `count` requests gave."""
    if type(listed) is not list or len(listed) != count:
        raise FrameError("replies have no known form")
    replies, at = [], 0
    for each in listed:
        if type(each) is not list or len(each) != 3 or type(each[0]) is not dict:
            raise FrameError("replies have no known form")
        reply, first, n_own = each
        if type(n_own) is not int or n_own < 0 or first != at:
            raise FrameError("replies have no known form")
        at += n_own
        replies.append(read_reply(reply, buffers[first:at]))
    return replies


def _raised(fields: Any) -> Raised:
    if type(fields) is not dict or set(fields) != {"types", "message", "frames"}:
        raise FrameError("an exception has no known form")
    types, message, frames = fields["types"], fields["message"], fields["frames"]
    if type(message) is not str or len(message) > _TEXT:
        raise FrameError("an exception has no known form")
    for texts, most in ((types, _TYPES), (frames, _FRAMES)):
        if type(texts) is not list or len(texts) > most:
            raise FrameError("an exception has no known form")
        if not all(type(text) is str and len(text) <= _TEXT for text in texts):
            raise FrameError("an exception has no known form")
    return Raised(
        tuple(map(printable, types)) or ("Exception",),
        printable(message),
        tuple(map(printable, frames)),
    )


def call_stub(
    header: dict[str, Any], buffers: list[Any], stubs: Mapping[int, Callable[..., Any]]
) -> tuple[dict[str, Any], list[Any]]:
    """Call the function that a child asks for; return the message that answers it."""
    number = header["callback"]
    whole = wire.from_node(header.get("value"), buffers)
    if type(number) is not int or number not in stubs:
        raise FrameError("a function is called that was not given")
    if type(whole) is not list or len(whole) != 2 or type(whole[0]) is not list:
        raise FrameError("a call has no known form")
    args, kwargs = whole
    if type(kwargs) is not dict or not all(type(key) is str for key in kwargs):
        raise FrameError("a call has no known form")
    out: list[Any] = []
    try:
        return {"answer": wire.to_node(stubs[number](*args, **kwargs), out)}, out
    except values.TooLarge as error:
        return {"raise": ["ValueError", f"the answer {error}"]}, []
    except Exception as error:
        return {"raise": [type(error).__name__, clean(str(error), MESSAGE_LENGTH)]}, []
