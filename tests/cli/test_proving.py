"""`gradus prove`: what it says of a service, of a bad declaration, and what it leaves behind."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from gradus.cli.proving import Wanted, command_of
from gradus.cli.proving_texts import report_text
from gradus.core.proof import (
    Figure,
    Line,
    Moment,
    Plot,
    ProofClaim,
    ProofOutcome,
    ProofReport,
    ProofVerdict,
)
from gradus.core.verdict import Finding
from gradus.desk.proving import Proved, core_names
from gradus.prover.process import Process, free_port
from gradus.prover.proofs.garbage import NOT_INSTALLED
from gradus.web.proof_page import proof_page

SERVICES = Path(__file__).parents[1] / "prover" / "services"
DECLARED = """
format = 1

[prove]
name = "specimen"
start = {start}
rows = "rows.jsonl"

[prove.contract]
name = "plain-json"
field = "rows"
output = "predictions"
echo = "X-Request-ID"

[prove.promises]
ready_seconds = {seconds}
"""
ROWS = [{"amount": 1.5 * n, "hour": n % 24, "abroad": n % 3 == 0} for n in range(12)]
linux = pytest.mark.skipif(sys.platform != "linux", reason="services are watched in /proc")


@pytest.fixture
def project(home):
    """Lay a project that starts one of the services with a defect, or by another command."""

    def lay(defect="", start=None, text=DECLARED, seconds=60):
        folder = home / "project"
        folder.mkdir(exist_ok=True)
        words = start or [sys.executable, str(SERVICES / "plain.py"), "{port}", defect]
        (folder / "gradus.toml").write_text(text.format(start=json.dumps(words), seconds=seconds))
        (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
        return folder

    return lay


@pytest.fixture
def same_text(golden):
    """Compare what was said with a reviewed text, but for the moment and the port."""

    def compare(name, ran):
        def steady(text):
            text = re.sub(r"proofs/\d{8}-\d{6}(-\d+)?", "proofs/<moment>", text)
            text = text.replace(str(SERVICES), "<services>").replace(sys.executable, "<python>")
            text = re.sub(r"gradus-[0-9a-f]{32}", "<token>", text)
            text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:<port>", text)
            return re.sub(r"\b(port|on) \d{4,5}\b", r"\1 <port>", text)

        golden(name, replace(ran, out=steady(ran.out), err=steady(ran.err)))

    return compare


@linux
def test_a_service_that_keeps_its_contract_passes_and_is_recorded(gradus, same_text, project, home):
    (home / "gradus").mkdir()
    (home / "gradus" / "gradus.toml").write_text("format = 1\n")
    folder = project()
    ran = gradus("prove", folder, "--only", "contract", "--seed", "5", "--quick")
    same_text("prove_passed", ran)
    (kept,) = [each for each in (folder / ".gradus" / "proofs").iterdir() if each.is_dir()]
    assert json.loads((kept / "report.json").read_text())["verdict"] == "PASSED"
    assert len((kept / "contract" / "rows.jsonl").read_text().splitlines()) == len(ROWS)
    rows = [json.loads(line) for line in gradus("export").out.splitlines()]
    (facts,) = [each["facts"] for each in rows if each.get("kind") == "proof"]
    assert facts["proofs"][0]["proof"] == "contract"


@linux
@pytest.mark.parametrize("defect", ["html", "streams", "hangs-up", "nan"])
def test_a_service_that_answers_what_is_no_answer_is_told_so(gradus, same_text, project, defect):
    ran = gradus("prove", project(defect), "--only", "contract", "--seed", "5", "--quick")
    same_text(f"prove_{defect.replace('-', '_')}", ran)


@linux
@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("no_program", ["no-such-program", "{port}"]),
        ("ends_at_once", ["sh", "-c", "echo 'no such model: fraud/7'; exit 3"]),
        ("never_ready", ["sleep", "60"]),
        ("port_in_use", ["sh", "-c", "echo 'Address already in use'; exit 98"]),
    ],
)
def test_a_start_command_that_brings_nothing_up_is_told_so(gradus, same_text, project, name, start):
    ran = gradus("prove", project(start=start, seconds=2), "--only", "start", "--seed", "5")
    same_text(f"prove_{name}", ran)


@linux
def test_a_service_on_another_port_is_told_which(gradus, same_text, project):
    ran = gradus("prove", project("another-port", seconds=6), "--only", "start", "--seed", "5")
    same_text("prove_another_port", ran)


def test_a_declaration_with_slips_is_told_all_of_them(gradus, same_text, project):
    text = DECLARED.replace("plain-json", "plainjson").replace("ready_seconds", "ready_second")
    same_text("prove_slips", gradus("prove", project(text=text)))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nothing_declared", ["prove"]),
        ("no_folder", ["prove", "elsewhere"]),
        ("unknown_proof", ["prove", "--only", "latancy"]),
        ("no_folder_for_the_page", ["prove", "--report", "gone/report.html"]),
    ],
)
def test_what_cannot_be_proved_is_said_in_a_sentence(gradus, same_text, name, words):
    same_text(f"prove_{name}", gradus(*words))


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("no_address", "ftp://example.org"),
        ("address_with_a_path", "https://example.org/predict"),
        ("nobody_answers", "http://127.0.0.1:1"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_so(
    gradus, same_text, project, monkeypatch, name, url
):
    monkeypatch.chdir(project())
    same_text(f"prove_{name}", gradus("prove", url))


@linux
def test_a_deployed_service_is_met_only_where_its_owner_says_so(
    gradus, same_text, project, monkeypatch, tmp_path
):
    folder = project()
    port = free_port()
    token = tmp_path / "token.txt"
    command = [sys.executable, str(SERVICES / "plain.py"), str(port)]
    variables = {**os.environ, "TOKEN_FILE": str(token)}
    monkeypatch.chdir(folder)
    url = f"http://127.0.0.1:{port}"
    words = ["prove", url, "--only", "contract", "--only", "start", "--seed", "5", "--quick"]
    with Process.start(command, folder, variables, tmp_path / "log.txt") as service:
        until(lambda: service.owns(port))
        same_text("prove_not_owned", gradus(*words))
        token.write_text("some other text")
        same_text("prove_another_token", gradus(*words))
        token.write_text((folder / ".gradus" / "proof-token").read_text())
        same_text("prove_deployed", gradus(*words))
        same_text("prove_nothing_run", gradus("prove", url, "--only", "start", "--seed", "5"))
        page = folder / "report.html"
        ran = gradus(*words, "--json", "--report", page)
    answer = json.loads(ran.out)
    assert (ran.status, answer["verdict"]) == (0, "PASSED")
    assert [each["held"] for each in answer["proofs"][0]["claims"]] == [True] * 3
    assert (Path(answer["logs"]) / "contract" / "rows.jsonl").is_file()
    assert "gradus prove http://127.0.0.1" in page.read_text()


def alive(mark):
    """Return every process of this machine that names a mark in its command."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark.encode() in each.read_bytes():
                found.append(int(each.parent.name))
        except OSError:
            continue
    return found


@linux
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_nothing_stays_behind_when_it_is_broken_off(project, home, number):
    mark = f"mark-{os.getpid()}-{number}"
    folder = project(mark)
    temporary = home / "temporary"
    temporary.mkdir()
    # Whoever runs the tests in the background has Ctrl-C ignored, and what they start too.
    heard = ["env", "--default-signal=INT", sys.executable]
    command = [*heard, "-m", "gradus", "prove", str(folder), "--only", "garbage"]
    ran = subprocess.Popen(
        command,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    until(lambda: len(alive(mark)) > 1 and list(temporary.iterdir()))
    time.sleep(0.5)
    ran.send_signal(number)
    _, said = ran.communicate(timeout=60)
    assert ran.returncode == (130 if number == signal.SIGINT else -signal.SIGKILL)
    assert b"Traceback" not in said
    until(lambda: not alive(mark) and not list(temporary.iterdir()))


def until(holds, seconds=40.0):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never held"
        time.sleep(0.05)


REPORT = ProofReport(
    "specimen",
    "sha256:0",
    (
        ProofOutcome(
            "latency",
            ProofVerdict.FAILED,
            7,
            12.0,
            (
                ProofClaim(
                    "99 of 100 are answered right within 40 ms.",
                    False,
                    Finding("600 requests", "31 were late", "fewer", note="One of them: 503."),
                    (Figure("p99 latency", 81.25, "ms", 40.0, 0.99),),
                ),
            ),
            moments=(Moment(0.0, "the service starts"), Moment(1.5, "ready", ours=False)),
            plots=(
                Plot(
                    "Latency",
                    "ms",
                    "requests",
                    (Line("requests", ((0.0, 400.0), (40.0, 169.0), (80.0, 31.0))),),
                    bars=True,
                    limits=(("bound", 40.0),),
                ),
                Plot("Rates", "offered", "served", (Line("served", ((40.0, 40.0), (80.0, 61.0))),)),
            ),
        ),
        ProofOutcome("start", ProofVerdict.INVALID, 7, 1.0, reason="This machine is too busy."),
        ProofOutcome(
            "garbage",
            ProofVerdict.PASSED,
            7,
            9.0,
            (ProofClaim("No malformed request hangs.", True),),
            NOT_INSTALLED.format("/openapi.json", "schema"),
        ),
    ),
    {"system": "Linux", "cores": "2"},
    {"drift-alert": "Declare where alerts appear: a part [prove.alerts]."},
)


def test_failures_invalid_runs_and_what_was_not_run_are_told(update_golden):
    text = report_text(Proved(REPORT, 7, Path("logs")), "gradus prove --seed 7", colour=False)
    same("prove_report.txt", text, update_golden)


def test_the_page_says_the_same_and_needs_nothing_else(update_golden):
    commands = {each.proof: f"gradus prove --only {each.proof}" for each in REPORT.outcomes}
    page = proof_page(REPORT, commands, "gradus prove --seed 7")
    assert "<script" not in page
    assert "http" not in page
    same("prove_report.html", page, update_golden)


def test_a_name_of_a_service_cannot_write_into_the_page():
    page = proof_page(replace(REPORT, project="<b>x</b>", outcomes=()), {}, "again")
    assert "<b>x</b>" not in page


def test_the_command_that_runs_the_same_again_can_be_pasted():
    wanted = Wanted("my project", ("latency",), seed=3, quick=True)
    assert command_of(wanted) == "gradus prove 'my project' --only latency --seed 3 --quick"


def test_the_short_proofs_of_any_project_are_those_that_every_service_has_to_pass():
    assert core_names()[:3] == ("start", "contract", "garbage")
    wanted = Wanted(".", core=True)
    assert command_of(wanted) == "gradus prove --core"


def same(name, text, update):
    path = Path(__file__).parent / "golden" / name
    if update:
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
