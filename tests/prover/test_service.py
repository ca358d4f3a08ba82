"""A port that somebody else holds is not the service's fault, and whose it is is said."""

import asyncio
import os
import socket
import subprocess
import sys

import numpy as np
import pytest

from gradus.core.proof import ProofVerdict
from gradus.prover import service as service_module
from gradus.prover.claims import BrokenService, InvalidRun
from gradus.prover.contract import find_contract
from gradus.prover.service import Service
from gradus.prover.traffic import Target

from .test_process import LISTENS

linux = pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")


@pytest.fixture
def held():
    """A port on which this process listens."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def begun(declaration, port, folder):
    """Begin a service on a port, and end it."""
    target = Target("127.0.0.1", port)
    contract = find_contract("plain-json")
    service = Service(
        declaration, contract, target, {}, folder / "log.txt", np.random.default_rng(0)
    )

    async def begin():
        try:
            await service.begin()
        finally:
            await service.end()

    asyncio.run(begin())


@linux
def test_a_port_taken_by_another_program_is_that_ones(declared, held, tmp_path):
    with pytest.raises(InvalidRun) as said:
        begun(declared(), held, tmp_path)
    assert f"The port {held} " in str(said.value)
    assert f"process {os.getpid()}: " in str(said.value)
    assert "run the proof again" in str(said.value)


@linux
def test_a_holder_that_the_system_does_not_name_is_said_too(declared, held, tmp_path, monkeypatch):
    monkeypatch.setattr(service_module, "port_holder", lambda port: None)
    with pytest.raises(InvalidRun, match="does not say which"):
        begun(declared(), held, tmp_path)


@linux
def test_a_port_taken_while_the_service_starts_is_no_fault_of_its_own(
    declared, held, tmp_path, monkeypatch
):
    monkeypatch.setattr(service_module, "port_is_taken", TakenLater())
    ends = declared(start=("sh", "-c", "echo the address is in use; exit 1"))
    with pytest.raises(InvalidRun, match=f"process {os.getpid()}: "):
        begun(ends, held, tmp_path)


class TakenLater:
    """Says of a port that it is free, and from then on that it is taken."""

    def __init__(self):
        self.asked = 0

    def __call__(self, port):
        self.asked += 1
        return self.asked > 1


@linux
def test_what_the_service_left_on_its_port_is_its_own_fault(declared, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "left.py").write_text(LISTENS)
    environment = {**os.environ, "PORT": str(port)}
    command = [sys.executable, "left.py", str(port)]
    with subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE) as left:
        assert left.stdout is not None
        left.stdout.readline()
        try:
            with pytest.raises(BrokenService) as said:
                begun(declared(), port, tmp_path)
        finally:
            left.kill()
    assert f"process {left.pid}: " in said.value.finding.returned
    assert "left.py" in said.value.finding.returned


@linux
def test_a_proof_on_a_taken_port_says_nothing_of_the_service(declared, proved, held, monkeypatch):
    monkeypatch.setattr("gradus.prover.bench.free_port", lambda: held)
    outcome = proved("start", declared())
    assert outcome.verdict is ProofVerdict.INVALID
    assert f"The port {held} " in outcome.reason


@linux
def test_who_answers_in_the_services_place_is_said(declared, proved, held, monkeypatch):
    async def at_once(service):
        service.ready_after = 0.1

    monkeypatch.setattr("gradus.prover.service.port_is_taken", lambda port: False)
    monkeypatch.setattr("gradus.prover.service.Service._until_ready", at_once)
    monkeypatch.setattr("gradus.prover.bench.free_port", lambda: held)
    outcome = proved("start", declared(start=("sleep", "60")))
    finding = outcome.claims[1].finding
    assert finding is not None
    assert f"process {os.getpid()}: " in finding.returned
