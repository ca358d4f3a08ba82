"""The record leaves this machine and comes back, as text."""

import json
import os

import pytest

from gradus.desk.desk import sit_down


def test_the_record_is_exported_as_json_lines(gradus, home):
    gradus("open", "M05")
    gradus("hint", "M05")
    first, *lines, last = [json.loads(line) for line in gradus("export").out.splitlines()]
    assert first == {"record": "gradus", "format": 1, "contents": False}
    assert [line["kind"] for line in lines] == ["opened", "hint"]
    assert lines[1]["previous"] == lines[0]["hash"]
    assert last == {"count": 2, "head": lines[1]["hash"]}


def test_the_record_can_be_exported_to_a_file(gradus, golden, home):
    gradus("open", "M05")
    golden("export", gradus("export", "-o", str(home / "record.jsonl")))
    assert len((home / "record.jsonl").read_text().splitlines()) == 3


def test_an_export_that_cannot_be_written_says_so(gradus, golden, home):
    gradus("open", "M05")
    golden("export_refused", gradus("export", "-o", str(home / "gone" / "record.jsonl")))


def test_an_earlier_export_stays_where_the_record_is_damaged(gradus, golden, home):
    gradus("open", "M05")
    kept = home / "record.jsonl"
    gradus("export", "--contents", "-o", str(kept))
    before = kept.read_bytes()
    (home / "gradus" / ".gradus" / "ledger.db").write_bytes(b"no database" * 999)
    golden("export_damaged", gradus("export", "--contents", "-o", str(kept)))
    assert kept.read_bytes() == before
    assert sorted(path.name for path in home.iterdir()) == ["gradus", "record.jsonl"]


def test_an_export_follows_a_link_and_fills_what_is_no_file(gradus, home):
    gradus("open", "M05")
    (home / "link.jsonl").symlink_to(home / "record.jsonl")
    assert gradus("export", "-o", str(home / "link.jsonl")).status == 0
    assert (home / "link.jsonl").is_symlink()
    end, pipe = os.pipe()
    assert gradus("export", "-o", f"/dev/fd/{pipe}").status == 0
    os.close(pipe)
    with os.fdopen(end, "rb") as stream:
        assert stream.read() == (home / "record.jsonl").read_bytes()


@pytest.fixture
def file(gradus, home):
    """A whole record of two rows that another workspace exported."""
    gradus("open", "M05")
    gradus("hint", "M05")
    path = home / "record.jsonl"
    gradus("export", "--contents", "-o", str(path))
    (home / "gradus").rename(home / "before")
    return path


def test_a_record_is_taken_in_by_a_new_workspace(gradus, golden, file, home):
    golden("import", gradus("import", str(file)))
    with sit_down() as desk:
        assert [row.kind for row in desk.ledger().rows()] == ["opened", "hint"]
    golden("import_again", gradus("import", str(file)))
    assert json.loads(gradus("import", str(file), "--json").out)["rows"] == 0


def test_a_line_that_was_edited_is_named_and_nothing_is_taken_in(gradus, golden, file):
    file.write_text(file.read_text().replace('"rung":1', '"rung":2'))
    golden("import_edited", gradus("import", str(file)))
    with sit_down() as desk:
        assert list(desk.ledger().rows()) == []


def test_a_file_that_lacks_its_end_is_refused(gradus, golden, file):
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:-1]))
    golden("import_cut_off", gradus("import", str(file)))


def test_a_file_of_a_newer_gradus_is_refused(gradus, golden, file):
    file.write_text(file.read_text().replace('"format":1', '"format":2', 1))
    golden("import_newer", gradus("import", str(file)))


def test_an_export_without_contents_is_refused(gradus, golden, file, home):
    file.write_text(file.read_text().replace('"contents":true', '"contents":false', 1))
    golden("import_without_contents", gradus("import", str(file)))


def test_a_record_of_ones_own_is_not_replaced(gradus, golden, file):
    gradus("open", "M05")
    golden("import_other", gradus("import", str(file)))


def test_a_file_that_is_not_there_is_said_to_be_missing(gradus, golden, home):
    golden("import_missing", gradus("import", str(home / "nothing.jsonl")))
