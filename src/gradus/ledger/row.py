"""One fact, and how it is bound to the one before it.

It must not touch the disk: what is hashed here can be hashed again by a stranger.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FIRST = "sha256:" + "0" * 64
"""What the first row names as the hash before it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One fact of the ledger."""

    seq: int
    """Its place, counted from 1 without a gap."""
    at: str
    """When it was written: ISO 8601 in UTC."""
    kind: str
    """What kind of fact it is, such as `attempt`."""
    facts: Mapping[str, Any]
    """The facts themselves, as plain JSON values."""
    previous: str
    """Hash of the row before it."""
    hash: str
    """`sha256:…` over the canonical JSON of all the other fields."""
    blobs: Mapping[str, str] = field(default_factory=dict)
    """Name to digest of the bytes that belong to it."""

    def as_json(self) -> dict[str, Any]:
        """Return the object that stands for it in an export."""
        return {
            "seq": self.seq,
            "at": self.at,
            "kind": self.kind,
            "facts": dict(self.facts),
            "blobs": dict(self.blobs),
            "previous": self.previous,
            "hash": self.hash,
        }


def bound(
    *, seq: int, at: str, kind: str, facts: Mapping[str, Any], blobs: Mapping[str, str], after: str
) -> Row:
    """Return the row with its hash, bound to the row whose hash is `after`."""
    content = {
        "seq": seq,
        "at": at,
        "kind": kind,
        "facts": facts,
        "blobs": blobs,
        "previous": after,
    }
    return Row(seq, at, kind, facts, after, digest_of(canonical(content).encode()), blobs)


def digest_of(content: bytes) -> str:
    """Return the name of some bytes: `sha256:…`."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def canonical(value: Any) -> str:
    """Return the one JSON text of a plain value: sorted keys, no spaces, ASCII only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def plain(value: Any) -> Any:
    """Return a value as JSON holds it: tuples as lists, enums by value, NaN and infinity by name.

    Raises TypeError for anything that JSON cannot hold.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else repr(float(value))
    if isinstance(value, Mapping):
        return {_key(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    raise TypeError(f"a fact cannot hold a {type(value).__name__}")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a fact's name must be text, not {type(key).__name__}")
    return str(key)
