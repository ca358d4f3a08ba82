"""The tables of the ledger, and the triggers that let nothing be changed or removed.

It must not know what the facts mean.
"""

APPLICATION_ID = 0x47524144  # "GRAD"
FORMAT = 1
"""Raised when an older Gradus could not read what is written."""

SCHEMA = f"""
CREATE TABLE row (
    seq      INTEGER PRIMARY KEY,
    at       TEXT NOT NULL,
    kind     TEXT NOT NULL,
    lab      TEXT,
    facts    TEXT NOT NULL,
    blobs    TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash     TEXT NOT NULL UNIQUE
);
CREATE INDEX row_by_kind_and_lab ON row (kind, lab, seq);
CREATE TABLE blob (
    digest  TEXT PRIMARY KEY,
    content BLOB NOT NULL
);
CREATE TRIGGER row_is_never_changed BEFORE UPDATE ON row
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER row_is_never_removed BEFORE DELETE ON row
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER row_follows_the_last BEFORE INSERT ON row
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM row)
  OR NEW.previous IS NOT coalesce(
       (SELECT hash FROM row ORDER BY seq DESC LIMIT 1), 'sha256:{"0" * 64}')
BEGIN SELECT RAISE(ABORT, 'a row of the ledger follows the last one'); END;
CREATE TRIGGER blob_is_never_changed BEFORE UPDATE ON blob
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER blob_is_never_removed BEFORE DELETE ON blob
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER blob_is_kept_once BEFORE INSERT ON blob
WHEN EXISTS (SELECT 1 FROM blob WHERE digest = NEW.digest)
BEGIN SELECT RAISE(IGNORE); END;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {FORMAT};
"""
