"""The record leaves as JSON Lines and comes back whole, or not at all."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradus.core.errors import LedgerError
from gradus.ledger import Ledger
from gradus.ledger.lines import read_lines
from gradus.ledger.row import FIRST, canonical

FACTS = st.dictionaries(
    st.text(max_size=8),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    max_size=3,
)
APPENDS = st.lists(
    st.tuples(
        st.sampled_from(["attempt", "review", "time"]),
        FACTS,
        st.dictionaries(st.text(max_size=8), st.binary(max_size=40), max_size=2),
    ),
    max_size=6,
)


def exported(ledger: Ledger, *, contents: bool = True) -> bytes:
    stream = io.StringIO()
    ledger.export(stream, contents=contents)
    return stream.getvalue().encode("ascii")


def a_record(path: Path, n: int = 3) -> bytes:
    with Ledger.open(path) as ledger:
        for k in range(n):
            ledger.append("note", {"n": k, "é": 1e300}, {"file:a.py": b"x" * k, "b": b"\xfb\xff"})
        return exported(ledger)


def state(ledger: Ledger) -> list:
    return [
        (row, {name: ledger.blob(digest) for name, digest in row.blobs.items()})
        for row in ledger.rows()
    ]


@given(appends=APPENDS, known=st.integers(0, 6))
@settings(max_examples=30, deadline=None)
def test_an_export_comes_back_the_same_into_an_empty_record_or_a_beginning_of_it(
    tmp_path_factory, appends, known
):
    folder = tmp_path_factory.mktemp("lines")
    with (
        Ledger.open(folder / "one.db") as one,
        Ledger.open(folder / "other.db") as other,
        Ledger.open(folder / "empty.db") as empty,
    ):
        for place, (kind, facts, blobs) in enumerate(appends):
            if place == known:
                other.take_in(io.BytesIO(exported(one)))
            one.append(kind, facts, blobs)
        whole = exported(one)
        had = sum(1 for _ in other.rows())
        assert other.take_in(io.BytesIO(whole)) == len(appends) - had
        assert empty.take_in(io.BytesIO(whole)) == len(appends)
        assert state(empty) == state(other) == state(one)
        assert exported(empty) == whole
        assert empty.verify() == len(appends)
        assert empty.take_in(io.BytesIO(whole)) == 0


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> bytes:
    return a_record(tmp_path_factory.mktemp("whole") / "ledger.db")


@given(picked=st.data())
@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_change_of_any_byte_is_refused(whole, picked):
    at = picked.draw(st.integers(0, len(whole) - 1))
    byte = picked.draw(st.integers(0, 255).filter(lambda byte: byte != whole[at]))
    changed = whole[:at] + bytes([byte]) + whole[at + 1 :]
    with pytest.raises(LedgerError):
        list(read_lines(io.BytesIO(changed)))


def test_a_file_that_is_cut_off_anywhere_is_refused(whole):
    for length in range(len(whole)):
        with pytest.raises(LedgerError):
            list(read_lines(io.BytesIO(whole[:length])))


def test_a_line_that_is_left_out_or_doubled_or_moved_is_refused_by_its_number(whole):
    lines = whole.splitlines(keepends=True)
    refused = {
        "Line 3 is row 3 where row 2": [*lines[:2], *lines[3:]],
        "Line 3 is row 1 where row 2": [*lines[:2], lines[1], *lines[2:]],
        "Line 6 stands after": [*lines, lines[1]],
        "Line 4 closes a record of another length": [*lines[:3], lines[4]],
        "ends at line 4, before": lines[:4],
        "Line 1 does not begin": lines[1:],
        "ends at line 0, before": [],
    }
    for words, changed in refused.items():
        with pytest.raises(LedgerError, match=words):
            list(read_lines(changed))


def test_a_row_that_was_edited_and_hashed_again_breaks_the_line_after_it(tmp_path, whole):
    forged = Ledger.open(tmp_path / "forged.db")
    for k in range(2):
        forged.append("note", {"n": k + 5}, {"file:a.py": b"x" * k, "b": b"\xfb\xff"})
    lines = whole.splitlines(keepends=True)
    mine = exported(forged).splitlines(keepends=True)
    forged.close()
    with pytest.raises(LedgerError, match="Line 3 does not follow the line before it"):
        list(read_lines([lines[0], mine[1], *lines[2:]]))


def test_nothing_is_taken_in_where_the_last_line_is_wrong(tmp_path, whole):
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        with pytest.raises(LedgerError, match="Nothing was taken in"):
            ledger.take_in(io.BytesIO(whole[:-2]))
        assert list(ledger.rows()) == []
        blobs = ledger._connection.execute("SELECT count(*) FROM blob").fetchone()[0]
        assert blobs == 0
        assert ledger.take_in(io.BytesIO(whole)) == 3


def test_a_record_that_says_something_else_is_kept(tmp_path, whole):
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        ledger.append("note", {"mine": True})
        with pytest.raises(LedgerError, match="Line 2 is not what row 1 of your record says"):
            ledger.take_in(io.BytesIO(whole))
        assert [row.facts for row in ledger.rows()] == [{"mine": True}]


def test_a_longer_record_takes_nothing_from_its_own_beginning(tmp_path):
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        ledger.append("note", {"n": 1})
        early = exported(ledger)
        ledger.append("note", {"n": 2})
        assert ledger.take_in(io.BytesIO(early)) == 0
        assert ledger.verify() == 2


def test_an_export_without_contents_is_not_the_whole_record(tmp_path):
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        ledger.append("note", {}, {"b": b"kept"})
        text = exported(ledger, contents=False)
        with pytest.raises(LedgerError, match=r"not the whole record[\s\S]*--contents"):
            ledger.take_in(io.BytesIO(text))


def test_a_file_of_a_newer_gradus_is_refused_with_the_command_that_helps():
    header = canonical({"record": "gradus", "format": 2, "contents": True, "more": 1}) + "\n"
    with pytest.raises(LedgerError, match=r"newer Gradus \(format 2[\s\S]*pip install --upgrade"):
        list(read_lines([header.encode(), b'{"unknown":"row"}\n']))


def test_an_empty_record_has_a_first_and_a_last_line(tmp_path):
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        first, last = map(json.loads, exported(ledger).splitlines())
        assert first == {"record": "gradus", "format": 1, "contents": True}
        assert last == {"count": 0, "head": FIRST}
        assert ledger.take_in(io.BytesIO(exported(ledger))) == 0


TAKES_IN = """
import sys
from pathlib import Path
from gradus.ledger import Ledger

def slowly(path):
    with open(path, "rb") as stream:
        for number, line in enumerate(stream):
            yield line
            if number == 200:
                print("half", flush=True)
                sys.stdin.read()

with Ledger.open(Path(sys.argv[1])) as ledger:
    ledger.take_in(slowly(sys.argv[2]))
"""


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX")
def test_kill_9_in_the_middle_leaves_the_old_record(tmp_path):
    file, path = tmp_path / "record.jsonl", tmp_path / "ledger.db"
    with Ledger.open(tmp_path / "from.db") as ledger:
        ledger.append("note", {"n": 0})
        early = exported(ledger)
        ledger._connection.execute("PRAGMA synchronous = OFF")
        for n in range(400):
            ledger.append("note", {"n": n}, {"b": bytes([n % 256]) * 20_000 + bytes([n // 256])})
        file.write_bytes(exported(ledger))
    with Ledger.open(path) as ledger:
        ledger.take_in(io.BytesIO(early))
    words = [sys.executable, "-c", TAKES_IN, str(path), str(file)]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as taking:
        assert taking.stdout is not None
        assert taking.stdout.readline() == "half\n"
        time.sleep(0.05)
        taking.send_signal(signal.SIGKILL)
        taking.wait(20)
    with Ledger.open(path) as ledger:
        assert ledger.verify() == 1
        with file.open("rb") as stream:
            assert ledger.take_in(stream) == 400
        assert ledger.verify() == 401
