"""An exception in the learner's code becomes words: types, message, the learner's own frames.

It must never show a frame of a file outside the learner's folder, and never fail itself.
"""

# ruff: noqa: PTH118
# The program starts sooner without pathlib.

import linecache
import os
import traceback
from types import TracebackType
from typing import Any

MESSAGE_LENGTH = 2000
LINE_LENGTH = 200
_FIRST_FRAMES, _LAST_FRAMES = 3, 5
_INLINED = frozenset({"<listcomp>", "<dictcomp>", "<setcomp>"})
"""From Python 3.12 on they run in the frame that they stand in, and so they read before it too."""


def described(error: BaseException, folder: str) -> dict[str, Any]:
    """Describe an exception as the fields of a Raised."""
    types = [kind.__name__[:100] for kind in type.mro(type(error))[:-1]][:32]
    return {"types": types, "message": _message(error), "frames": _frames(error, folder)}


def _message(error: BaseException) -> str:
    try:
        text = str(error.msg) if isinstance(error, SyntaxError) else str(error)
    except BaseException:
        return "(its message cannot be shown)"
    return clean(text, MESSAGE_LENGTH)


def clean(text: Any, length: int) -> str:
    """Make a text valid UTF-8, which may make it longer, and cut it."""
    raw = str.__str__(text)[: length + 1].encode("utf-8", "backslashreplace").decode("utf-8")
    return raw if len(raw) <= length else raw[: length - 1] + "…"


def _frames(error: BaseException, folder: str) -> list[str]:
    try:
        steps = _steps(error.__traceback__, folder)
        frames = [_frame(*step) for step in steps]
        if isinstance(error, SyntaxError):
            frames += _syntax_frame(error, folder)
        return frames
    except Exception:
        return []


def _steps(trace: TracebackType | None, folder: str) -> list[tuple[str, int, str, str]]:
    steps: list[tuple[str, int, str, str]] = []
    skipped = 0
    for frame, line in traceback.walk_tb(trace):
        path = inside(frame.f_code.co_filename, folder)
        if path is None:
            continue
        name = frame.f_code.co_name
        if name in _INLINED and steps:
            name = steps.pop()[2]
        steps.append((path, line, name, frame.f_code.co_filename))
        if len(steps) > _FIRST_FRAMES + _LAST_FRAMES:
            del steps[_FIRST_FRAMES]
            skipped += 1
    if skipped:
        steps.insert(_FIRST_FRAMES, ("", skipped, "", ""))
    return steps


def inside(filename: str, folder: str) -> str | None:
    """Return the path of a file relative to the learner's folder, or None if it is not in it."""
    if not filename or filename.startswith("<"):
        return None
    path = os.path.normpath(os.path.join(folder, filename))
    return os.path.relpath(path, folder) if path.startswith(folder.rstrip("/") + "/") else None


def _frame(path: str, line: int, name: str, filename: str) -> str:
    if not path:
        return f"… {line:,} more …"
    source = clean(linecache.getline(filename, line).strip(), LINE_LENGTH)
    where = f"{clean(path, LINE_LENGTH)}, line {line}"
    where += "" if name == "<module>" else f", in {clean(name, LINE_LENGTH)}"
    return f"{where}\n    {source}" if source else where


def _syntax_frame(error: SyntaxError, folder: str) -> list[str]:
    path = inside(error.filename or "", folder)
    if path is None:
        return []
    where = f"{path}, line {error.lineno or 1}"
    text = (error.text or "").rstrip("\n")
    if not text.strip() or len(text) > LINE_LENGTH:
        return [clean(where, 3 * LINE_LENGTH)]
    shift = len(text) - len(text.lstrip())
    column = max((error.offset or 1) - 1 - shift, 0)
    return [clean(f"{where}\n    {text.strip()}\n    {' ' * column}^", 3 * LINE_LENGTH)]
