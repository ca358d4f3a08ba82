"""A declared log is read as it is declared, and what cannot be read is said in a sentence."""

import asyncio
import os
import sqlite3
from contextlib import closing

import pytest

from gradus.core.service import PredictionLog
from gradus.prover import patience
from gradus.prover import records as records_module
from gradus.prover.claims import BrokenService
from gradus.prover.records import Record, read_records, settled


def lines(declared, text):
    declaration = declared(log=PredictionLog("log.jsonl", "id", "said"))
    (declaration.folder / "log.jsonl").write_text(text)
    return declaration


def base(declared, statement, log=None):
    declaration = declared(log=log or PredictionLog("log.db", "id", "said", "made"))
    with closing(sqlite3.connect(declaration.folder / "log.db")) as made, made:
        made.executescript(statement)
    return declaration


def test_lines_are_records_and_torn_ones_are_kept_apart(declared):
    text = '{"id": 7, "said": 0.5, "more": 1}\n\n{"id": "b", "said": [1]}\n{"id": "c"}\n{"id'
    records = read_records(lines(declared, text))
    assert records.all == (Record("7", 0.5), Record("b", [1]))
    assert records.torn == ('{"id": "c"}', '{"id')
    assert list(records.by_identifier()) == ["7", "b"]


def test_a_table_is_read_while_it_is_written_to(declared):
    declaration = base(declared, "PRAGMA journal_mode = WAL; CREATE TABLE made (id, said);")
    with closing(sqlite3.connect(declaration.folder / "log.db")) as writer:
        writer.execute("INSERT INTO made VALUES ('a', 0.25), ('b', '[0.5, 0.5]'), ('c', 'yes')")
        assert read_records(declaration).all == ()
        writer.commit()
        assert [each.prediction for each in read_records(declaration).all] == [
            0.25,
            [0.5, 0.5],
            "yes",
        ]


def test_what_is_no_prediction_is_a_torn_line_or_a_text(declared):
    deep = "[" * 40 + "]" * 40
    assert len(read_records(lines(declared, f'{{"id": 1, "said": {deep}}}\n')).torn) == 1
    log = base(declared, f"CREATE TABLE made (id, said); INSERT INTO made VALUES ('a', '{deep}');")
    assert read_records(log).all == (Record("a", deep),)


def test_a_log_of_any_size_is_not_read_into_memory(declared):
    declaration = lines(declared, "")
    os.truncate(declaration.folder / "log.jsonl", 2**40)
    with pytest.raises(BrokenService) as raised:
        read_records(declaration)
    assert "1,099,511,627,776 bytes" in raised.value.finding.returned


@pytest.mark.parametrize(("some", "said"), [("", "more than 1,000"), ("WHERE n < 0", "interrupt")])
def test_a_table_without_end_is_told(declared, monkeypatch, some, said):
    monkeypatch.setattr(records_module, "MOST", 1000)
    monkeypatch.setattr(records_module, "LONGEST", 0.2)
    numbers = "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r)"
    view = f"CREATE VIEW made AS {numbers} SELECT n AS id, n AS said FROM r {some};"
    with pytest.raises(BrokenService) as raised:
        read_records(base(declared, view))
    assert said in raised.value.finding.returned


def test_a_log_that_is_not_there_yet_is_empty(declared):
    assert read_records(declared(log=PredictionLog("log.jsonl", "id"))).all == ()
    assert read_records(base(declared, "PRAGMA user_version = 1;")).all == ()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("CREATE TABLE other (id, said);", "there is no table 'made'"),
        ("CREATE TABLE made (id, score);", "there is no column 'said'"),
        ("CREATE TABLE made (identifier, said);", "there is no column 'id'"),
    ],
)
def test_a_table_that_is_not_as_declared_is_told(declared, statement, said):
    with pytest.raises(BrokenService) as raised:
        read_records(base(declared, statement))
    assert raised.value.finding.returned == said


def test_what_is_awaited_gets_its_time_and_no_more(declared, monkeypatch):
    declaration = lines(declared, '{"id": "a", "said": 1}\n')
    monkeypatch.setattr(patience, "LOGGED_WITHIN", 30.0)

    async def both():
        async def later():
            await asyncio.sleep(0.3)
            with (declaration.folder / "log.jsonl").open("a") as stream:
                stream.write('{"id": "b", "said": 1}\n')

        writing = asyncio.create_task(later())
        found = await settled(declaration, {"a", "b"})
        await writing
        monkeypatch.setattr(patience, "LOGGED_WITHIN", 0.0)
        return found, await settled(declaration, {"z"})

    found, without = asyncio.run(both())
    assert [each.identifier for each in found.all] == ["a", "b"]
    assert found == without
