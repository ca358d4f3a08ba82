"""The ledger keeps what it was given, in order, or says in a sentence why it cannot."""

import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.core.errors import LedgerError
from gradus.ledger import Ledger
from gradus.ledger.row import FIRST, bound, canonical, plain
from gradus.ledger.store import COLUMNS

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
APPENDS = st.lists(
    st.tuples(
        st.sampled_from(["attempt", "hint", "note"]),
        st.dictionaries(st.text(max_size=8), PLAIN, max_size=4),
        st.dictionaries(st.text(max_size=8), st.binary(max_size=40), max_size=3),
    ),
    max_size=5,
)


@pytest.fixture
def ledger(tmp_path: Path):
    with Ledger.open(tmp_path / "ledger.db") as opened:
        yield opened


@given(appends=APPENDS)
@settings(max_examples=25, deadline=None)
def test_what_was_appended_comes_back_the_same_after_opening_again(tmp_path_factory, appends):
    path = tmp_path_factory.mktemp("ledger") / "ledger.db"
    with Ledger.open(path) as ledger:
        for kind, facts, blobs in appends:
            ledger.append(kind, facts, blobs)
    with Ledger.open(path) as ledger:
        assert ledger.verify() == len(appends)
        for row, (kind, facts, blobs) in zip(ledger.rows(), appends, strict=True):
            assert (row.kind, row.facts) == (kind, plain(facts))
            assert {name: ledger.blob(digest) for name, digest in row.blobs.items()} == blobs


@given(value=PLAIN)
def test_canonical_json_is_a_fixed_point(value):
    text = canonical(plain(value))
    assert canonical(json.loads(text)) == text


def test_each_row_names_the_hash_of_the_one_before_it(ledger):
    rows = [ledger.append("note", {"n": n}) for n in range(3)]
    assert [row.previous for row in rows] == [FIRST, rows[0].hash, rows[1].hash]
    assert [row.seq for row in rows] == [1, 2, 3]


def test_a_stranger_can_compute_the_hashes_from_an_export(ledger):
    for n in range(3):
        ledger.append("note", {"n": n}, {"file:a.py": b"x" * n})
    stream = io.StringIO()
    assert ledger.export(stream, contents=True) == 3
    after = FIRST
    _, *lines, closing = map(json.loads, stream.getvalue().splitlines())
    for line in lines:
        again = bound(
            seq=line["seq"],
            at=line["at"],
            kind=line["kind"],
            facts=line["facts"],
            blobs=line["blobs"],
            after=after,
        )
        assert line["hash"] == again.hash
        after = again.hash
    assert closing == {"count": 3, "head": after}


def test_equal_bytes_are_kept_once(ledger):
    for _ in range(3):
        ledger.append("attempt", {"lab": "a"}, {"file:a.py": b"same", "file:b.py": b"same"})
    count = ledger._connection.execute("SELECT count(*) FROM blob").fetchone()[0]
    assert count == 1


def test_rows_can_be_asked_for_by_kind_and_lab(ledger):
    for kind, lab in [("attempt", "a"), ("hint", "a"), ("attempt", "b")]:
        ledger.append(kind, {"lab": lab})
    assert [row.seq for row in ledger.rows("attempt")] == [1, 3]
    assert [row.seq for row in ledger.rows(lab="a")] == [1, 2]
    assert [row.seq for row in ledger.rows("attempt", "b")] == [3]


def test_many_rows_come_in_pages_without_a_gap(ledger):
    for n in range(450):
        ledger._clock = lambda n=n: datetime(2026, 1, 1, 0, 0, n % 60, tzinfo=UTC)
        ledger.append("note", {"n": n})
    assert [row.facts["n"] for row in ledger.rows()] == list(range(450))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE row SET kind = 'x'",
        "DELETE FROM row",
        "UPDATE blob SET content = x'00'",
        "DELETE FROM blob",
        "INSERT OR REPLACE INTO row VALUES (1, '', '', '', '{}', '{}', '', 'x')",
        "INSERT INTO row VALUES (9, '', '', '', '{}', '{}', '', 'y')",
    ],
)
def test_the_database_itself_refuses_changes(ledger, statement):
    ledger.append("note", {}, {"bytes": b"kept"})
    with pytest.raises(sqlite3.IntegrityError):
        ledger._connection.execute(statement)
    assert ledger.verify() == 1


def test_bytes_cannot_be_replaced_under_their_digest(ledger):
    row = ledger.append("note", {}, {"bytes": b"kept"})
    digest = row.blobs["bytes"]
    ledger._connection.execute("INSERT OR REPLACE INTO blob VALUES (?, x'00')", (digest,))
    assert ledger.blob(digest) == b"kept"


def test_verify_names_the_row_that_somebody_changed(ledger):
    for n in range(3):
        ledger.append("note", {"n": n})
    ledger._connection.execute("DROP TRIGGER row_is_never_changed")
    ledger._connection.execute("UPDATE row SET facts = '{\"n\":7}' WHERE seq = 2")
    with pytest.raises(LedgerError, match="row 2 is not as it was written"):
        ledger.verify()


def test_verify_names_the_bytes_that_somebody_changed(ledger):
    ledger.append("note", {}, {"file:a.py": b"kept"})
    ledger._connection.execute("DROP TRIGGER blob_is_never_changed")
    ledger._connection.execute("UPDATE blob SET content = x'00'")
    with pytest.raises(LedgerError, match=r"'file:a\.py' of row 1 was changed"):
        ledger.verify()


def test_a_fact_that_json_cannot_hold_is_refused_and_nothing_is_written(ledger):
    with pytest.raises(TypeError, match="cannot hold a set"):
        ledger.append("note", {"a": {1}})
    assert list(ledger.rows()) == []


def test_a_damaged_file_is_left_as_it_is(tmp_path):
    path = tmp_path / "ledger.db"
    path.write_bytes(b"not a database at all, but long enough to look like one" * 20)
    before = path.read_bytes()
    with pytest.raises(LedgerError, match=r"is damaged .* left as it is"):
        Ledger.open(path)
    assert path.read_bytes() == before


def test_a_file_damaged_in_the_middle_is_said_to_be_damaged(tmp_path):
    path = tmp_path / "ledger.db"
    with Ledger.open(path) as ledger:
        for _ in range(50):
            ledger.append("note", {"n": "x" * 200})
    whole = bytearray(path.read_bytes())
    whole[4096:20000] = b"\xff" * (20000 - 4096)
    path.write_bytes(whole)
    with pytest.raises(LedgerError, match="is damaged"), Ledger.open(path) as ledger:
        ledger.verify()


def test_another_programs_database_is_not_touched(tmp_path):
    path = tmp_path / "ledger.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    connection.close()
    with pytest.raises(LedgerError, match="another program's database"):
        Ledger.open(path)


def test_a_newer_record_is_refused_with_the_command_that_helps(tmp_path):
    path = tmp_path / "ledger.db"
    Ledger.open(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 2")
    connection.close()
    with pytest.raises(LedgerError, match=r"newer Gradus[\s\S]*pip install --upgrade"):
        Ledger.open(path)


def test_a_locked_record_says_so_and_loses_nothing(tmp_path):
    path = tmp_path / "ledger.db"
    with Ledger.open(path, wait=0.1) as ledger:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LedgerError, match="in use by another program"):
            ledger.append("note", {})
        other.execute("ROLLBACK")
        other.close()
        assert ledger.append("note", {}).seq == 1


def test_a_full_disk_says_so_and_keeps_what_was_there(tmp_path):
    path = tmp_path / "ledger.db"
    with Ledger.open(path) as ledger:
        ledger.append("note", {"n": 1})
        pages = ledger._connection.execute("PRAGMA page_count").fetchone()[0]
        ledger._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(LedgerError, match="no room left on the disk"):
            ledger.append("note", {}, {"large": b"x" * 100_000})
        assert ledger.verify() == 1


def test_a_missing_folder_says_so(tmp_path):
    with pytest.raises(LedgerError, match="folder is missing or read-only"):
        Ledger.open(tmp_path / "gone" / "ledger.db")


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_read_only_record_can_still_be_read(tmp_path):
    folder = Path("/tmp") / f"gradus-read-only-{os.getpid()}"
    folder.mkdir()
    with Ledger.open(folder / "ledger.db") as ledger:
        ledger.append("note", {"n": 1})
    (folder / "ledger.db").chmod(0o444)
    folder.chmod(0o555)
    program = (
        "import os, sys, urllib.parse\n"
        "from pathlib import Path\n"
        "from gradus.ledger import Ledger\n"
        # Only now, all being loaded: root's own Python may lie where nobody else can read it.
        "os.getuid() == 0 and os.setuid(65534)\n"
        "ledger = Ledger.open(Path(sys.argv[1]))\n"
        "print([row.facts for row in ledger.rows()], ledger.writable)\n"
        "try:\n    ledger.append('note', {})\n"
        "except Exception as fault:\n    print(type(fault).__name__, fault)\n"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", program, str(folder / "ledger.db")],
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)
    assert "[{'n': 1}] False" in done.stdout, done.stderr
    assert "LedgerError" in done.stdout
    assert "read-only" in done.stdout


KILLED = """
import os, random, signal, sys, time
from pathlib import Path
from gradus.ledger import Ledger

path, kills = Path(sys.argv[1]), int(sys.argv[2])
said = 0
for _ in range(kills):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        with Ledger.open(path) as ledger:
            while True:
                row = ledger.append("note", {"pid": os.getpid()}, {"b": os.urandom(3000)})
                os.write(writer, row.seq.to_bytes(8, "big"))
    os.close(writer)
    time.sleep(random.uniform(0.005, 0.06))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reader, "rb") as stream:
        raw = stream.read()
    if raw:
        said = int.from_bytes(raw[-8:], "big")
    with Ledger.open(path) as ledger:
        count = ledger.verify()
        assert count >= said, (count, said)
print(count, said)
"""


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX")
def test_nothing_that_was_acknowledged_is_lost_by_kill_9(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "ledger.db"), "40"],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    count, said = map(int, done.stdout.split())
    assert count >= said > 0


WRITER = """
import sys
from pathlib import Path
from gradus.ledger import Ledger

with Ledger.open(Path(sys.argv[1])) as ledger:
    for n in range(60):
        ledger.append("note", {"who": sys.argv[2], "n": n}, {"same": b"shared by both"})
"""


def test_two_processes_at_once_make_one_unbroken_chain(tmp_path):
    path = tmp_path / "ledger.db"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), who], stderr=subprocess.PIPE)
        for who in ("first", "second")
    ]
    for writer in writers:
        _, faults = writer.communicate(timeout=100)
        assert writer.returncode == 0, faults.decode()
    with Ledger.open(path) as ledger:
        assert ledger.verify() == 120
        for who in ("first", "second"):
            mine = [row.facts["n"] for row in ledger.rows() if row.facts["who"] == who]
            assert mine == list(range(60))


def test_an_append_does_no_more_in_a_long_record_than_in_a_short_one(ledger):
    counts = []
    for n in range(120):
        asked: list[str] = []
        ledger._connection.set_trace_callback(asked.append)
        ledger.append("attempt", {"lab": "a", "n": n}, {"file:a.py": b"%d" % n})
        ledger._connection.set_trace_callback(None)
        counts.append(len(asked))
    assert counts[0] == counts[-1] < 12
    read = ledger._connection.execute(
        f"EXPLAIN QUERY PLAN SELECT {COLUMNS} FROM row ORDER BY seq DESC LIMIT 1"
    ).fetchall()
    assert not any("TEMP B-TREE" in each[3] for each in read), "it sorts all rows to find the last"


def test_a_record_that_another_process_made_newer_takes_nothing_more(ledger):
    ledger.append("note", {"n": 1})
    other = sqlite3.connect(ledger.path)
    other.execute("PRAGMA user_version = 99")
    other.close()
    with pytest.raises(LedgerError, match="written by a newer Gradus"):
        ledger.append("note", {"n": 2})
    assert [row.facts["n"] for row in ledger.rows()] == [1]


def test_the_rows_of_one_kind_are_read_from_the_last_to_the_first(tmp_path):
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        assert list(ledger.latest("plan")) == []
        for number in range(5):
            ledger.append("plan" if number % 2 == 0 else "note", {"number": number})
        assert [row.facts["number"] for row in ledger.latest("plan")] == [4, 2, 0]
        assert next(ledger.latest("note")) == list(ledger.rows("note"))[-1]
