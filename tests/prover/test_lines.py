"""Records are written one a line, and what JSON does not know only where that was asked for."""

import json
import os
from pathlib import Path

import pytest

from gradus.prover.lines import LARGEST, as_lines, read_file, write_lines


def test_each_record_stands_on_a_line_of_its_own(tmp_path):
    path = write_lines(tmp_path / "rows.jsonl", ({"n": n, "text": "a\nb"} for n in range(2)))
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(each) for each in lines] == [{"n": n, "text": "a\nb"} for n in range(2)]


def test_only_a_log_takes_what_is_no_json():
    record = {"path": Path("a")}
    assert list(as_lines([record], or_text=True)) == ['{"path": "a"}\n']
    with pytest.raises(TypeError):
        list(as_lines([record]))


def test_a_file_is_read_and_nothing_that_has_no_end(tmp_path):
    path = tmp_path / "rows"
    path.write_bytes(b"1\n")
    assert read_file(path) == b"1\n"
    os.truncate(path, LARGEST + 1)
    with pytest.raises(OSError, match="bytes"):
        read_file(path)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(OSError, match="is no file"):
        read_file(path)
