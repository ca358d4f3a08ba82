"""`gradus prove LAB`: what a lab asks of a running service, and what it counts for."""

import json
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ..proof_lab import DECLARED, lay_proof_lab
from .conftest import CONTENT

SERVICES = Path(__file__).parents[1] / "prover" / "services"
linux = pytest.mark.skipif(sys.platform != "linux", reason="services are watched in /proc")


@pytest.fixture
def content(installed, monkeypatch):
    """The small content with a lab that asks for proofs."""
    root = installed / "content"
    shutil.copytree(CONTENT, root)
    for place in ("catalogue.whole", "desk.content"):
        monkeypatch.setattr(f"gradus.{place}.content_root", lambda: root)
    lay_proof_lab(root)
    return root


@pytest.fixture
def project(content, gradus):
    """Open the lab and declare one of the services in the learner's folder."""

    def lay(defect="", more=""):
        if not (content.parent / "gradus").exists():
            (content.parent / "gradus").mkdir()
            (content.parent / "gradus" / "gradus.toml").write_text("format = 1\n")
        gradus("open", "X07")
        folder = content.parent / "gradus" / "labs" / "live-scores"
        start = [sys.executable, str(SERVICES / "plain.py"), "{port}", defect]
        model = [sys.executable, str(SERVICES / "model.py"), "batch", "{rows}", "{predictions}"]
        text = DECLARED.format(start=json.dumps(start), offline=json.dumps(model))
        (folder / "gradus.toml").write_text(text + more)
        (folder / "README.md").write_text("# Scores\n\n    make start\n")
        return folder

    return lay


@pytest.fixture
def same_text(golden, content):
    """Compare what was said with a reviewed text, but for moments, seeds and places."""

    def compare(name, ran):
        def steady(text):
            text = re.sub(r"proofs/\d{8}-\d{6}(-\d+)?", "proofs/<moment>", text)
            text = text.replace(str(SERVICES), "<services>").replace(sys.executable, "<python>")
            text = re.sub(r"--seed \d+", "--seed <seed>", text)
            text = re.sub(r"(gain|to ready|difference|between) [\d.e-]+ ?", r"\1 <n> ", text)
            return re.sub(r"\b(port|on) \d{4,5}\b", r"\1 <port>", text)

        golden(name, replace(ran, out=steady(ran.out), err=steady(ran.err)))

    return compare


def standing(gradus):
    """Return where the learner stands with the lab, and what it lacks."""
    (found,) = [
        each
        for each in json.loads(gradus("labs", "--json").out)["labs"]
        if each["curriculum"] == "X07"
    ]
    return found["standing"], found["lacks"]


@linux
def test_a_lab_is_proved_with_its_own_rows_and_shown_by_both_parts(gradus, same_text, project):
    folder = project()
    assert standing(gradus) == ("in_progress", ["claims", "start", "contract", "baseline"])
    same_text("prove_lab_whole", gradus("prove", "x07"))
    assert standing(gradus) == ("in_progress", ["claims"])
    same_text("proof_lab_progress", gradus("progress"))
    assert json.loads(gradus("progress", "--json").out)["lacks"] == {"X07": ["claims"]}
    same_text("proof_lab_all_there", gradus("check", "X07"))
    assert standing(gradus) == ("shown", [])
    rows = [json.loads(line) for line in gradus("export").out.splitlines()]
    (run,) = [each for each in rows if each.get("kind") == "proof"]
    assert {"rows", "labelled", "declaration", "file:README.md"} <= run["blobs"].keys()
    (attempt,) = [each for each in rows if each.get("kind") == "attempt"]
    assert run["facts"]["submission"] == attempt["facts"]["submission"]
    assert run["facts"]["lab_version"] == attempt["facts"]["lab_version"]
    assert (folder / ".gradus" / "proofs").is_dir()


QUOTED = """

def quoted(files):
    said = json.loads(files["scores.json"])
    rows = [{"amount": float(name), "hour": 1, "abroad": False} for name in said]
    return rows, [*said.values()]
"""


@linux
@pytest.mark.parametrize(("said", "verdict"), [(1.4, "PASSED"), (1.6, "FAILED")])
def test_a_service_is_held_against_what_the_project_says(said, verdict, gradus, content, project):
    rows = content / "labs" / "live-scores" / "rows.py"
    rows.write_text(
        rows.read_text().replace("import random", "import json\nimport random") + QUOTED
    )
    folder = project()
    (folder / "scores.json").write_text(json.dumps({"5": said}))
    told = json.loads(gradus("prove", "X07", "--only", "contract", "--quick", "--json").out)
    (proof,) = told["proofs"]
    held = {each["sentence"]: each["held"] for each in proof["claims"]}
    assert held["The service predicts what the project itself says of the same rows."] is (
        verdict == "PASSED"
    )
    assert proof["verdict"] == verdict


@linux
def test_a_quick_run_and_a_seed_that_was_given_show_nothing(gradus, same_text, project):
    project()
    same_text("proof_lab_check", gradus("check", "X07"))
    same_text("prove_lab_quick", gradus("prove", "X07", "--core", "--quick"))
    ran = gradus("prove", "X07", "--only", "start", "--seed", "5", "--json")
    told = json.loads(ran.out)["lab"]
    assert told["shows_nothing"].startswith("A run on a seed that was given shows nothing")
    assert told["passed"] == []
    assert standing(gradus)[1] == ["start", "contract", "baseline"]
    same_text("proof_lab_labs", gradus("labs"))


@linux
def test_what_a_service_writes_beside_the_files_is_named_until_git_ignores_it(
    gradus, same_text, project
):
    folder = project()
    declared = (folder / "gradus.toml").read_text()
    words = [
        "sh",
        "-c",
        f"date > state.txt; exec {sys.executable} {SERVICES / 'plain.py'} {{port}}",
    ]
    start = re.search(r"^start = .*$", declared, re.MULTILINE)[0]
    (folder / "gradus.toml").write_text(declared.replace(start, f"start = {json.dumps(words)}"))
    same_text("prove_lab_changed", gradus("prove", "X07", "--only", "start", "--only", "baseline"))
    with (folder / ".gitignore").open("a") as stream:
        stream.write("state.txt\n")
    assert json.loads(gradus("prove", "X07", "--core", "--json").out)["lab"]["passed"] == ["start"]
    (folder / "README.md").write_text("# Scores\n\nmake start, then wait\n")
    assert json.loads(gradus("check", "X07", "--json").out)["verdict"] == "PASSED"
    assert standing(gradus)[1] == ["start", "contract", "baseline"]


@pytest.mark.parametrize(
    ("name", "more", "words"),
    [
        ("weaker", "[prove.promises]\np99_ms = 900\nready_seconds = 5\n", ["X07"]),
        ("other_proof", "", ["X07", "--only", "basline"]),
        ("no_project", "", ["X07", "--file", "elsewhere"]),
        ("file_for_a_folder", "", [".", "--file", "gradus"]),
    ],
)
def test_what_cannot_be_proved_of_a_lab_is_said_in_a_sentence(
    gradus, same_text, project, name, more, words
):
    project(more=more)
    same_text(f"prove_lab_{name}", gradus("prove", *words))


def test_a_lab_that_is_not_open_is_opened_first(gradus, same_text, content):
    (content.parent / "gradus").mkdir()
    (content.parent / "gradus" / "gradus.toml").write_text("format = 1\n")
    same_text("prove_lab_not_open", gradus("prove", "X07"))
    same_text("proof_lab_opened", gradus("open", "X07"))


def test_the_reference_of_a_lab_with_proofs_is_not_free_after_the_claims_alone(gradus, project):
    project()
    gradus("check", "X07")
    ran = gradus("reveal", "X07")
    assert ran.status == 2
    assert "a pass counts only seven days later" in ran.err


def test_a_deployed_service_is_no_proof_of_files(gradus, same_text, project):
    folder = project()
    declared = (folder / "gradus.toml").read_text()
    start = re.search(r"^start = .*$", declared, re.MULTILINE)[0]
    text = declared.replace(start, 'url = "http://127.0.0.1:1"')
    (folder / "gradus.toml").write_text(text)
    same_text("prove_lab_deployed", gradus("prove", "X07"))
