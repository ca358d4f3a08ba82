"""A copy has everything that a service needs, and shares what is too large to copy."""

import asyncio
import os

import numpy as np
import pytest

from gradus.core.errors import UsageError
from gradus.core.service import Labels, Measure
from gradus.prover.bench import Bench
from gradus.prover.contract import find_contract
from gradus.prover.copies import on_a_copy


def test_what_is_written_in_a_copy_stays_out_of_the_original(declared, tmp_path):
    declaration = declared(labels=Labels("labelled.jsonl", "y", Measure.AUC))
    folder = declaration.folder
    (folder / "labelled.jsonl").write_text("{}")
    for name in (".venv", "models", "__pycache__", ".gradus"):
        (folder / name).mkdir()
        (folder / name / "file").write_text("first")
    os.mkfifo(folder / "pipe")
    (tmp_path / "bench").mkdir()
    contract = find_contract("plain-json")
    bench = Bench(declaration, contract, [], np.random.default_rng(0), tmp_path / "bench", tmp_path)
    copied = asyncio.run(on_a_copy(bench))
    place = copied.declaration.folder
    assert {each.name for each in place.iterdir()} == {".venv", "bench", "models", "rows.jsonl"}
    assert not (place / "__pycache__").exists()
    assert not (place / "pipe").exists()
    assert (place / ".venv").is_symlink()
    (place / "models" / "file").write_text("second")
    assert (folder / "models" / "file").read_text() == "first"
    assert (folder / "labelled.jsonl").exists()
    assert copied.claims is bench.claims


def test_a_deployed_service_is_met_where_it_is(declared, tmp_path):
    declaration = declared(start=(), url="http://127.0.0.1:1")
    contract = find_contract("plain-json")
    bench = Bench(declaration, contract, [], np.random.default_rng(0), tmp_path, tmp_path)
    assert asyncio.run(on_a_copy(bench)) is bench


def test_a_file_elsewhere_is_never_deleted(declared, tmp_path):
    truth = tmp_path / "truth.jsonl"
    truth.write_text("{}")
    declaration = declared(labels=Labels(str(truth), "y", Measure.AUC))
    (tmp_path / "bench").mkdir()
    contract = find_contract("plain-json")
    bench = Bench(declaration, contract, [], np.random.default_rng(0), tmp_path / "bench", tmp_path)
    with pytest.raises(UsageError, match="not below the project's folder"):
        asyncio.run(on_a_copy(bench))
    assert truth.exists()
