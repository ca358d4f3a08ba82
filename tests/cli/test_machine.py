"""What concerns the machine: starting, installing, looking, and what it lacks."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gradus.cli.machine import listen
from gradus.cli.texts import LAYER_SAYS
from gradus.core.errors import PrerequisiteError, UsageError
from gradus.sandbox.layers import LayerState
from gradus.sandbox.probes import PROBES
from gradus.sandbox.self_check import Outcome

ALL_LAYERS = [
    LayerState(name, name != "namespaces", "It is so.")
    for name in ("process", "limits", "files", "system calls", "namespaces")
]
MISSING = LayerState("files", False, "All can be read.", "It comes with Linux.\nuname -r")


@pytest.fixture
def plain_machine(monkeypatch):
    """A machine that is always the same."""
    monkeypatch.setattr(
        "gradus.desk.doctor.layers",
        lambda: [LayerState("files", True, "Closed."), LayerState("namespaces", False, "Open.")],
    )
    monkeypatch.setattr("gradus.desk.doctor._python", lambda: _good("Gradus"))
    monkeypatch.setattr("gradus.desk.doctor._pages", lambda: _good("Pages"))
    monkeypatch.setattr("gradus.desk.doctor._room", lambda: _good("Room"))


def _good(name: str):
    from gradus.desk.doctor import Checkup, State

    return Checkup(name, State.GOOD, "as it should be")


def test_install_without_a_name_lists_the_environments(gradus, golden, installed):
    golden("install_list", gradus("install"))


def test_an_unknown_environment_is_answered_with_the_nearest(gradus, golden):
    golden("install_unknown", gradus("install", "bace"))


def test_one_that_is_there_is_said_to_be(gradus, golden, installed):
    golden("install_present", gradus("install", "base"))


def test_what_is_missing_is_the_last_line(gradus, golden, monkeypatch):
    def refuse(spec, report):
        report("  [1/31] torch==2.13.0")
        raise PrerequisiteError("Installing 'deep' stopped: no network.", "gradus install deep")

    monkeypatch.setattr("gradus.desk.environments.build", refuse)
    ran = gradus("install", "deep")
    golden("install_broken_off", ran)
    assert ran.err.splitlines()[-1] == "gradus install deep"


def test_a_new_machine_is_told_what_it_lacks(gradus, golden, plain_machine):
    golden("doctor_new", gradus("doctor"))


def test_a_good_machine_is_told_so(gradus, golden, installed, plain_machine):
    gradus("open", "M05")
    golden("doctor_good", gradus("doctor"))


def test_a_damaged_record_is_named_by_doctor(gradus, golden, installed, plain_machine):
    gradus("open", "M05")
    (installed / "gradus" / ".gradus" / "ledger.db").write_bytes(b"no database" * 999)
    golden("doctor_damaged", gradus("doctor"))


def test_settings_that_cannot_be_read_are_named_by_doctor(gradus, golden, installed, plain_machine):
    gradus("open", "M05")
    with (installed / "gradus" / "gradus.toml").open("a") as file:
        file.write("[profile\n")
    golden("doctor_settings", gradus("doctor"))


def test_the_sandbox_is_probed_on_request(gradus, golden, installed, plain_machine, monkeypatch):
    monkeypatch.setattr(
        "gradus.desk.doctor.self_check",
        lambda parent: [
            Outcome("A file outside cannot be read.", True, "raised PermissionError"),
            Outcome("No process is forked.", False, "returned 7"),
        ],
    )
    golden("doctor_probe", gradus("doctor", "--probe"))


def test_the_layers_are_shown_as_a_table(gradus, golden, installed, monkeypatch):
    monkeypatch.setattr("gradus.desk.doctor.layers", lambda: ALL_LAYERS)
    monkeypatch.setattr("gradus.desk.doctor.platform.release", lambda: "6.18.44-generic")
    monkeypatch.setattr("gradus.desk.doctor.platform.system", lambda: "Linux")
    monkeypatch.setattr("gradus.desk.doctor.platform.machine", lambda: "x86_64")
    monkeypatch.setattr("gradus.desk.doctor.os.getuid", lambda: 1000)
    golden("doctor_table", gradus("doctor", "--table"))


def test_the_layers_of_the_docs_are_those_of_doctor_and_of_the_probes():
    text = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text()
    for layer, says in LAYER_SAYS.items():
        count = sum(probe.layer == layer for probe in PROBES)
        for user in ("root", "ordinary user"):
            row = f"| {user} | {layer} | {says} | yes | {count} of {count} probes |"
            assert row in text, f"docs/sandbox.md: run gradus doctor --probe --table as {user}"


def test_strict_mode_refuses_where_a_layer_is_missing(gradus, golden, installed, monkeypatch):
    monkeypatch.setattr("gradus.sandbox.layers.layers", lambda: [MISSING])
    gradus("open", "M05")
    golden("strict_refused", gradus("check", "M05", "--strict"))
    monkeypatch.setenv("GRADUS_STRICT", "1")
    assert gradus("check", "M05").status == 2
    assert gradus("start", "--no-browser").status == 2
    monkeypatch.setenv("GRADUS_STRICT", "0")
    assert gradus("check", "M05").status == 1


def test_doctor_as_json_is_one_object(gradus, plain_machine):
    answer = json.loads(gradus("doctor", "--json").out)
    assert {each["state"] for each in answer["checkups"]} == {"good", "note", "wrong"}


def test_a_port_in_use_says_so(gradus, golden):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ran = gradus("start", "--no-browser", "--port", str(port))
    assert ran.status == 2
    golden("port_in_use", type(ran)(ran.status, ran.out, ran.err.replace(str(port), "<port>")))


def test_without_a_port_a_free_one_is_found():
    with listen(None) as first, listen(None) as second:
        assert first.getsockname()[1] != second.getsockname()[1]


def test_a_port_that_nobody_may_open_says_so(monkeypatch):
    def refuse(self, address):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("socket.socket.bind", refuse)
    with pytest.raises(UsageError, match="Permission denied"):
        listen(80)


def test_a_workspace_that_cannot_be_written_says_so(gradus, golden, home):
    (home / "file").write_text("")
    golden(
        "workspace_refused", gradus("start", "--no-browser", "--workspace", home / "file" / "mine")
    )


def test_without_arguments_the_help_is_shown(gradus, golden):
    golden("help", gradus())


AS_IN_A_TERMINAL = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a script's background ignores it
from gradus.__main__ import main
main()
"""


def _start(*words: str, home: Path, **kwargs) -> subprocess.Popen[str]:
    environment = {**os.environ, "GRADUS_WORKSPACE": str(home / "gradus"), "HOME": str(home)}
    return subprocess.Popen(
        [sys.executable, "-c", AS_IN_A_TERMINAL, *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=home,
        **kwargs,
    )


def _ended(process: subprocess.Popen[str]) -> tuple[str, str]:
    try:
        return process.communicate(timeout=30)
    finally:
        process.kill()


@pytest.mark.slow
def test_start_answers_on_loopback_and_ctrl_c_closes_it_cleanly(tmp_path):
    process = _start("start", "--no-browser", "--json", home=tmp_path)
    assert process.stdout is not None
    answer = json.loads(process.stdout.readline())
    host, port = answer["url"].removeprefix("http://").rstrip("/").split(":")
    assert host == "127.0.0.1"
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(f"GET / HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        assert connection.recv(64).startswith(b"HTTP/1.1 ")
    process.send_signal(signal.SIGINT)
    out, err = _ended(process)
    assert (process.returncode, "Traceback" in out + err) == (0, False)


@pytest.mark.slow
def test_a_second_ctrl_c_closes_it_as_cleanly(tmp_path):
    process = _start("start", "--no-browser", home=tmp_path)
    assert process.stdout is not None
    while "Ctrl-C closes it." not in process.stdout.readline():
        assert process.poll() is None
    for _ in range(2):
        process.send_signal(signal.SIGINT)
        time.sleep(0.02)
    out, err = _ended(process)
    assert out.strip() == "Closed. Your files and your record are kept."
    assert "Traceback" not in err


@pytest.mark.slow
def test_ctrl_c_leaves_watch_without_a_traceback(tmp_path):
    (tmp_path / "gradus" / "labs").mkdir(parents=True)
    (tmp_path / "gradus" / "gradus.toml").write_text("format = 1\n")
    process = _start("watch", home=tmp_path, stdin=subprocess.DEVNULL)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("Watching 0 open labs")
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = _ended(process)
    assert (process.returncode, err.strip()) == (130, "Stopped.")
    assert "Traceback" not in out


@pytest.mark.slow
def test_a_reader_that_goes_away_is_no_fault(tmp_path):
    process = _start("labs", "--all", home=tmp_path)
    assert process.stdout is not None
    process.stdout.close()
    process.wait(timeout=20)
    assert process.stderr is not None
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()


def test_a_fault_of_ours_says_so_and_names_its_log(gradus, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("gradus.cli.learning.roadmap", broken)
    ran = gradus("labs")
    assert ran.status == 4
    assert ran.err.startswith("Gradus failed, not your code: RuntimeError: a fault of ours")
    log = Path(ran.err.split()[-1])
    assert "a fault of ours" in log.read_text()
    log.unlink()
