"""A planted value is found in any of its forms, and nothing else is taken for it."""

import base64
import json
import os
import urllib.parse

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.prover.bench import Bench
from gradus.prover.contract import find_contract
from gradus.prover.invented import like
from gradus.prover.leaks import content_of, holds, written_since
from gradus.prover.proofs import data_guards

VALUE = "Jo.Miller+4711@example.org"
WRITTEN = {
    "plain": lambda v: v,
    "upper": str.upper,
    "reversed": lambda v: v[::-1],
    "url": urllib.parse.quote,
    "hex": lambda v: v.upper().encode().hex(),
    "json": lambda v: json.dumps({"mail": v}),
    "base64": lambda v: base64.b64encode(v.encode()).decode(),
    "base64 within": lambda v: base64.b64encode(f"x{v}yz".encode()).decode(),
    "base64 later": lambda v: base64.b64encode(f"xy{v}".encode()).decode(),
}


@pytest.mark.parametrize("form", WRITTEN)
def test_a_value_is_found_in_every_form(form):
    content = f"2026-11-26 scored {WRITTEN[form](VALUE)} as 0.3".encode()
    assert holds(content, ["somebody.else@example.org", VALUE]) == VALUE


@given(st.binary(max_size=400))
def test_what_was_not_planted_is_not_found(content):
    assert holds(content, [VALUE]) == ""


@pytest.mark.parametrize("value", ["u184467", "anna@example.org", "+49 171 1234567", 4711, None])
def test_invented_values_look_alike_and_are_new(value):
    rng = np.random.default_rng(0)
    made = {like(value, rng) for _ in range(500)}
    assert len(made) == 500
    assert all(type(each) is (type(value) if value is not None else str) for each in made)
    if isinstance(value, str):
        kept = [c for c in value if not c.isalnum()]
        assert all([c for c in each if not c.isalnum()] == kept for each in made)


def test_only_what_was_written_since_is_searched(tmp_path):
    for name, at in (("old.log", 1000.0), ("new.log", 5000.0)):
        (tmp_path / name).write_text(VALUE)
        os.utime(tmp_path / name, (at, at))
    (tmp_path / "link").symlink_to(tmp_path / "old.log")
    found = list(written_since(tmp_path, 5000.0))
    assert found == [tmp_path / "new.log"]
    assert content_of(found[0]) == VALUE.encode()


def test_a_file_that_cannot_be_read_hides_nothing(declared, tmp_path, monkeypatch):
    declaration = declared()
    contract = find_contract("plain-json")
    bench = Bench(declaration, contract, [], np.random.default_rng(0), tmp_path, tmp_path)
    (tmp_path / "temporary").mkdir()
    (tmp_path / "kept.log").touch()
    (tmp_path / "base.db-journal").touch()

    def refused(path):
        if path.suffix == ".db-journal":
            raise FileNotFoundError(2, "No such file or directory")
        if path.name == "kept.log":
            raise PermissionError(13, "Permission denied")
        return content_of(path)

    monkeypatch.setattr(data_guards, "content_of", refused)
    data_guards._leaks_nowhere(bench, data_guards.Planting([VALUE]), [], b"", 0.0)
    _, written = bench.claims.outcomes()
    assert (written.finding.call, written.finding.returned) == ("kept.log", "Permission denied")
    (tmp_path / "kept.log").unlink()
    bench = Bench(declaration, contract, [], np.random.default_rng(0), tmp_path, tmp_path)
    data_guards._leaks_nowhere(bench, data_guards.Planting([VALUE]), [], b"", 0.0)
    assert bench.claims.outcomes()[1].held, "what is gone keeps nothing"
