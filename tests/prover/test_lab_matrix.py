"""The projects of a lab in the kill matrix: what is run, and what it has to come to."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from benchmarks.lab_matrix import LabCell, lab_cells, report_labs, seen_of_lab

from gradus.catalogue import load_catalogue

from ..proof_lab import DECLARED, lay_proof_lab

CONTENT = Path(__file__).parents[1] / "cli" / "content"
SERVICES = Path(__file__).parent / "services"


@pytest.fixture
def whole(tmp_path):
    """The small content, with a reference that starts and a variant that leaves rows out."""
    root = Path(shutil.copytree(CONTENT, tmp_path / "content"))
    lab = lay_proof_lab(root)
    model = [sys.executable, str(SERVICES / "model.py"), "batch", "{rows}", "{predictions}"]
    for place, defect in (("reference", ""), ("wrong/deaf", "html")):
        (lab / place).mkdir(parents=True)
        start = [sys.executable, str(SERVICES / "plain.py"), "{port}", defect]
        text = DECLARED.format(start=json.dumps(start), offline=json.dumps(model))
        (lab / place / "gradus.toml").write_text(text)
    return load_catalogue(root)


def test_variants_are_met_by_what_names_them_and_the_reference_by_everything(whole):
    cells = list(lab_cells(3, [], whole))
    wrong = [(each.proof, each.project) for each in cells if each.is_wrong]
    assert wrong == [("start", "deaf"), ("contract", "deaf"), ("baseline", "deaf")]
    runs = [each.proof for each in cells if each.project == "reference"]
    assert (runs.count("start"), runs.count("contract")) == (3, 2)
    assert {each.proof for each in lab_cells(3, ["contract"], whole)} == {"contract"}


@pytest.mark.skipif(sys.platform != "linux", reason="services are watched in /proc")
def test_a_project_is_proved_with_the_labs_rows_and_named_by_its_proof(whole, capsys):
    lab = whole.lab("X07")
    right = LabCell("contract", lab.id, "reference", False, 0)
    wrong = LabCell("contract", lab.id, "deaf", True, 0)
    missed = LabCell("start", lab.id, "deaf", True, 0)
    kept = {
        right.key: seen_of_lab(right, lab),
        wrong.key: seen_of_lab(wrong, lab),
        missed.key: {"verdict": "PASSED", "named": False, "said": ""},
    }
    assert kept[right.key]["verdict"] == "PASSED"
    assert (kept[wrong.key]["verdict"], kept[wrong.key]["named"]) == ("FAILED", True)
    assert report_labs([right, wrong], kept) == 0
    assert report_labs([right, wrong, missed], kept) == 1
    assert "| live-scores | `start` | deaf | fail | 1 PASSED | no |" in capsys.readouterr().out
