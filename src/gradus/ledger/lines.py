"""The record as JSON Lines: a line that says what it is, one for each row, and one that closes.

It must not touch the disk: the store reads rows out and takes them in.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from gradus.ledger import faults
from gradus.ledger.row import FIRST, Row, bound, canonical, digest_of
from gradus.ledger.schema import FORMAT

RECORD = "gradus"
"""What the first line calls the file."""
OF_A_ROW = {"seq", "at", "kind", "facts", "blobs", "previous", "hash"}
Taken = tuple[int, Row, dict[str, bytes]]
"""The number of a line, its row, and the bytes by digest that stand in it."""


def written_lines(
    rows: Iterable[Row], blob: Callable[[str], bytes], *, contents: bool
) -> Iterator[str]:
    """Yield the lines of an export; bytes stand as base64 where a row names them first."""
    yield canonical({"record": RECORD, "format": FORMAT, "contents": contents}) + "\n"
    written: set[str] = set()
    count, head = 0, FIRST
    for row in rows:
        line = row.as_json()
        if contents:
            new = sorted(set(row.blobs.values()) - written)
            line["contents"] = {each: base64.b64encode(blob(each)).decode() for each in new}
            written.update(new)
        yield canonical(line) + "\n"
        count, head = count + 1, row.hash
    yield canonical({"count": count, "head": head}) + "\n"


def read_lines(stream: Iterable[bytes]) -> Iterator[Taken]:
    """Yield every row of an export, computed again.

    Raises LedgerError at the first line that is not as it was written, at a file that ends
    too soon or goes on after its end, and at one that a newer Gradus wrote.
    """
    before, count, number, closed = FIRST, 0, 0, False
    given: set[str] = set()
    for number, raw in enumerate(stream, 1):
        if closed:
            raise faults.broken(number, "stands after the line that closes the file")
        line = _object(number, raw)
        if number == 1:
            _must_be_header(line)
        elif line.keys() == {"count", "head"}:
            if line != {"count": count, "head": before}:
                raise faults.broken(number, "closes a record of another length or end")
            closed = True
        else:
            row = _row(number, line, count + 1, before)
            new = set(row.blobs.values()) - given
            yield number, row, _contents(number, line["contents"], new)
            given |= new
            before, count = row.hash, row.seq
    if not closed:
        raise faults.cut_off(number)


def _object(number: int, raw: bytes) -> dict[str, Any]:
    """Return the object of a line that is written in the one way in which we write it."""
    try:
        text = raw.decode("ascii")
        line = json.loads(text)
        if isinstance(line, dict) and canonical(line) + "\n" == text:
            return line
    except (ValueError, RecursionError):
        pass
    if not raw.endswith(b"\n"):
        raise faults.cut_off(number)
    raise faults.broken(number, "is not as it was written")


def _must_be_header(line: dict[str, Any]) -> None:
    if line.get("record") != RECORD or not isinstance(line.get("format"), int):
        raise faults.broken(1, "does not begin a record that `gradus export` wrote")
    if line["format"] > FORMAT:
        raise faults.file_too_new(line["format"], FORMAT)
    if line.get("contents") is False:
        raise faults.without_contents()
    if line != {"record": RECORD, "format": FORMAT, "contents": True}:
        raise faults.broken(1, "is not as it was written")


def _row(number: int, line: dict[str, Any], seq: int, before: str) -> Row:
    if line.keys() != OF_A_ROW | {"contents"} or not _has_types(line):
        raise faults.broken(number, "is not a row of a record")
    if line["seq"] != seq:
        raise faults.broken(number, f"is row {line['seq']} where row {seq} has to stand")
    if line["previous"] != before:
        raise faults.broken(number, "does not follow the line before it")
    row = bound(
        seq=seq,
        at=line["at"],
        kind=line["kind"],
        facts=line["facts"],
        blobs=line["blobs"],
        after=before,
    )
    if row.hash != line["hash"]:
        raise faults.broken(number, "is not as it was written: its hash is another")
    return row


def _has_types(line: dict[str, Any]) -> bool:
    texts = [line["at"], line["kind"], line["previous"], line["hash"]]
    if not all(isinstance(each, str) for each in texts) or type(line["seq"]) is not int:
        return False
    maps = [line["facts"], line["blobs"], line["contents"]]
    if not all(isinstance(each, dict) for each in maps):
        return False
    inner = [*line["blobs"].values(), *line["contents"].values()]
    try:
        has_zone = datetime.fromisoformat(line["at"]).tzinfo is not None
    except ValueError:
        return False
    return has_zone and all(isinstance(each, str) for each in inner)


def _contents(number: int, written: dict[str, str], wanted: set[str]) -> dict[str, bytes]:
    if written.keys() != wanted:
        raise faults.broken(number, "does not hold the bytes that its row names")
    found = {}
    for digest, text in written.items():
        try:
            content = base64.b64decode(text, validate=True)
        except ValueError:
            content = b""
        if digest_of(content) != digest or base64.b64encode(content).decode() != text:
            raise faults.broken(number, "holds bytes that are not as they were written")
        found[digest] = content
    return found
