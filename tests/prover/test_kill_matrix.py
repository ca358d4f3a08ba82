"""The kill matrix goes on where it was stopped; what failed is told from what said nothing."""

import json

import pytest
from benchmarks.kill_matrix import Cell, Kept, cells, read_kept, report_honest

from gradus.prover.proof import all_proofs

START = Cell("start", "plain.py", "", 0)
STAMPS = {START.key: "now"}


def record(cell, verdict, version="now"):
    return {"version": version, "key": cell.key, "verdict": verdict, "said": "500",
            "cpu_seconds": 2.0, "seconds": 5.0}  # fmt: skip


def test_honest_runs_of_what_every_service_has_to_pass_can_be_made_alone():
    wanted = cells(50, [], planted=False, core=True)
    core = [each.name for each in all_proofs() if each.core]
    assert {each.defect for each in wanted} == {""}
    assert len(wanted) == 50 * len(core) * 2
    assert {each.proof for each in wanted} == set(core)
    assert {each.run for each in wanted[: len(core) * 2]} == {0}  # in turns


def test_without_options_every_defect_is_met_once():
    assert len([each for each in cells(1, []) if each.defect]) >= 80


@pytest.mark.parametrize("end", ['{"version": "now", "key": "sta', "\n", ""])
def test_what_a_kill_tore_is_left_out_and_spoils_nothing_after_it(tmp_path, end):
    place, cell = tmp_path / "kept.jsonl", START
    place.write_text(json.dumps(record(cell, "PASSED")) + "\n" + end)
    assert read_kept(place, STAMPS).verdict(cell) == "PASSED"
    with place.open("a") as stream:
        stream.write(json.dumps(record(cell, "FAILED")) + "\n")
    assert read_kept(place, STAMPS).verdict(cell) == "FAILED"


def test_what_was_seen_of_another_version_is_to_be_seen_again(tmp_path):
    place, cell = tmp_path / "kept.jsonl", START
    place.write_text(json.dumps(record(cell, "PASSED", version="before")) + "\n")
    assert read_kept(place, STAMPS).is_open(cell)


def test_failures_are_told_apart_from_runs_that_said_nothing(capsys):
    kept, wanted = Kept(), [Cell("latency", "plain.py", "", run) for run in range(4)]
    for cell, verdict in zip(wanted, ["PASSED", "INVALID", "FAILED"], strict=False):
        kept.add(record(cell, verdict))
    kept.add(record(wanted[1], "INVALID"))
    kept.add(record(wanted[1], "PASSED"))
    assert report_honest(wanted, kept) == 1
    assert capsys.readouterr().out == (
        "\n| honest service | proof | passed | failed | said nothing | CPU s | s |\n"
        "|---|---|---|---|---|---|---|\n"
        "| plain.py | `latency` | 2 | 1 | 2 | 2.0 | 5.0 |\n"
        "\nFalse fails: 1 of 3 runs with a verdict: at most 86 %, 95 % sure.\n"
        "Runs that said nothing: 2 of 5 runs: at most 81 %, 95 % sure.\n"
        "Still to be made: 1 of 4 runs.\n"
        "A round of honest services: 2 CPU seconds, 5 s.\n"
        "latency/plain.py//2: 500\n"
    )
