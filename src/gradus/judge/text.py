"""Whether a file that was handed in is a text of Python at all; nothing here runs it."""

import codecs
import io
from tokenize import detect_encoding

from gradus.judge.trouble import DoesNotLoad

_NO_TEXT = {"undefined", "idna", "punycode", "unicode-escape", "raw-unicode-escape"}
"""Encodings that Python has and nobody writes: some raise, some take the square of the length."""


def refuse_unreadable(path: str, content: bytes) -> None:
    """Raise `DoesNotLoad` for a file that is no Python text at all."""
    if not content.strip():
        raise DoesNotLoad(f"{path} is empty.")
    if b"\0" in content:
        raise DoesNotLoad(f"{path} is a binary file, not a Python text.")
    try:
        encoding = detect_encoding(io.BytesIO(content).readline)[0]
        if codecs.lookup(encoding).name in _NO_TEXT:
            raise LookupError(encoding)
        content.decode(encoding)
    except (SyntaxError, LookupError):
        said = f"{path} is not in UTF-8, nor in an encoding that its first lines name."
        raise DoesNotLoad(f"{said} Save it as UTF-8.") from None
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DoesNotLoad(
            f"{path} is not in {encoding}: see line {line}. Save it as UTF-8."
        ) from None
