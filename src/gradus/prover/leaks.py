"""Looking for a planted value in bytes, also where it was encoded on its way.

It must not judge where a value may stand.
"""

import base64
import time
import urllib.parse
from collections.abc import Iterable, Iterator
from pathlib import Path

LARGEST_FILE = 256 * 2**20
"""Bytes of a file from which on only its end is searched."""


def forms(value: str) -> tuple[bytes, ...]:
    """Return the ways in which a value may be written, in small letters where that can be."""
    raw = value.encode()
    found = []
    for text in (value, value.upper(), value.lower()):
        found += [text.encode().hex(), urllib.parse.quote(text, safe="")]
    found += [value.lower(), value.lower()[::-1]]
    return tuple(dict.fromkeys(each.lower().encode() for each in found)) + _base64(raw)


def holds(content: bytes, values: Iterable[str]) -> str:
    """Return the first of the values that stands in the content in any form, or an empty text."""
    small = content.lower()
    for value in values:
        for form in forms(value):
            if form in small or form in content:
                return value
    return ""


def written_since(folder: Path, moment: float) -> Iterator[Path]:
    """Yield every file below a folder that was written after a moment, a Unix time."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.stat().st_mtime >= moment - 1.0:
            yield path


def content_of(path: Path) -> bytes:
    """Return what stands in a file, or its end where it is very large."""
    with path.open("rb") as stream:
        size = path.stat().st_size
        stream.seek(max(size - LARGEST_FILE, 0))
        return stream.read()


def now() -> float:
    """Return the moment from which on written files are looked at."""
    return time.time()


def _base64(raw: bytes) -> tuple[bytes, ...]:
    """Return the part of its base64 that does not hang on what stands before and after it."""
    found = []
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + raw)
        begins = -(-before * 4 // 3) if before else 0
        ends = len(encoded) - (4 if (before + len(raw)) % 3 else 0)
        found.append(encoded[begins:ends])
    return tuple(found)
