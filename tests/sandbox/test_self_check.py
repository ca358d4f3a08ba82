"""The sandbox keeps its contract here, forked and spawned."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest

from gradus.core.errors import SandboxError
from gradus.core.lab import Limits, Profile
from gradus.sandbox import (
    ChildEnded,
    Raised,
    Returned,
    Runtime,
    WarmParent,
    program,
    self_check,
)
from gradus.sandbox.layers import layers
from gradus.sandbox.probes import PROBES, Probe
from gradus.sandbox.self_check import Outcome, run_probe

COMPLETE = all(layer.enforced for layer in layers())


@pytest.mark.skipif(not COMPLETE, reason="this system does not enforce every layer")
@pytest.mark.skipif(sys.platform != "linux", reason="Linux is the complete platform")
@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
def test_the_sandbox_holds(forking: WarmParent, probe: Probe, tmp_path: Path) -> None:
    outcome = run_probe(forking, probe, tmp_path)
    assert outcome.held, outcome.says


@pytest.mark.skipif(not COMPLETE, reason="this system does not enforce every layer")
@pytest.mark.parametrize("probe", PROBES[::4], ids=lambda probe: probe.name)
def test_spawned_children_are_closed_in_alike(
    spawning: WarmParent, probe: Probe, tmp_path: Path
) -> None:
    outcome = run_probe(spawning, probe, tmp_path)
    assert outcome.held, outcome.says


def test_every_probe_has_a_name_of_its_own() -> None:
    assert len({probe.name for probe in PROBES}) == len(PROBES)


def test_a_probe_that_does_not_hold_is_told(forking: WarmParent, tmp_path: Path) -> None:
    wrong = Probe("It returns 2.", "def probe():\n    return 1\n", frozenset({"returned 2"}))
    outcome = run_probe(forking, wrong, tmp_path)
    assert not outcome.held
    assert outcome.says == "returned 1"


WITHOUT_WALLS = """

def enter_namespaces(control):
    return ()


def close_in(words, prepared):
    _settle_in(words["folder"], words["profile"])
    return []
"""
OF_WALLS = [
    probe
    for probe in PROBES
    if probe.layer in {"files", "system calls"} and probe.profile is Profile.COMPUTE
]


def weak_sandbox() -> WarmParent:
    """A sandbox that looks like ours and has no walls."""
    return WarmParent(Runtime(Path(sys.executable), (), "weak"))


def test_a_sandbox_without_walls_does_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its children answer and are stopped from outside, which is all that it can do."""
    text = [
        (name, source + WITHOUT_WALLS * (name == "walls")) for name, source in program.sources()
    ]
    monkeypatch.setattr(program, "sources", lambda: tuple(text))
    outcomes = {each.name: each for each in self_check(weak_sandbox, [PROBES[0], *OF_WALLS])}
    assert outcomes[PROBES[0].name].held
    failed = {name for name, each in outcomes.items() if not each.held}
    assert {
        "A file outside cannot be read.",
        "A file outside cannot be overwritten.",
        "A file outside cannot be deleted.",
        "No file is made outside.",
        "No process is forked.",
        "No program is started.",
        "No message is sent.",
        "Its parent cannot be signalled.",
        "It does not outlive its parent.",
        "It cannot hide from those who watch it.",
    } <= failed


def test_each_probe_shows_a_layer_that_doctor_knows() -> None:
    known = {"protocol"} | {layer.name for layer in layers()}
    assert {probe.layer for probe in PROBES} == known


class WithoutChildren:
    """A sandbox that gives no child at all."""

    made = 0

    def __init__(self) -> None:
        WithoutChildren.made += 1

    def child(self, *words: object) -> NoReturn:
        """Say that there is none."""
        raise SandboxError("there are no children")

    def __enter__(self) -> "WithoutChildren":
        return self

    def __exit__(self, *error: object) -> None:
        pass


def test_a_sandbox_without_children_is_made_anew_for_each_probe() -> None:
    outcomes = self_check(WithoutChildren, PROBES[:3])
    assert [each.held for each in outcomes] == [False] * 3
    assert outcomes[0].says == "lost, and then the sandbox gave no children any more"
    assert WithoutChildren.made == 3


# ── what is made of a sandbox's answers ──

Answer = Callable[[str, dict[str, Any]], Any]
RAISED = Raised(("KeyError", "Exception"), "'n'", ())
LIMITS = Limits(seconds=0.6, memory_mb=256, output_kb=64, file_mb=1)


def right(op: str, fields: dict[str, Any]) -> Any:
    """Answer as a child does whose `probe()` returns 2."""
    ref = {"import_file": 5, "get": 6}.get(op, 0)
    return Returned(ref, 2 if op == "call" else None)


class Played:
    """A sandbox whose children answer as they are told to; what it is asked is kept."""

    def __init__(self, answer: Answer = right, alive: Answer = right) -> None:
        self.answer, self.alive = answer, alive
        self.asked: list[tuple[Any, ...]] = []
        self.began: list[tuple[Path | None, Limits, Profile]] = []
        self.source = ""

    @contextmanager
    def child(self, folder: Path | None, limits: Limits, profile: Profile) -> Iterator["Played"]:
        """Give a child, which is this sandbox itself."""
        self.began.append((folder, limits, profile))
        yield self

    def request(self, op: str, **fields: Any) -> Any:
        """Answer one request."""
        self.asked.append((op, fields))
        folder = self.began[-1][0]
        if folder is not None:
            self.source = (folder / "probe.py").read_text()
        return (self.alive if folder is None else self.answer)(op, fields)

    def __enter__(self) -> "Played":
        return self

    def __exit__(self, *error: object) -> None:
        pass


def probe(source: str = "", profile: Profile = Profile.COMPUTE, layer: str = "files") -> Probe:
    return Probe("It returns 2.", source, frozenset({"returned 2"}), profile, layer)


def test_a_probe_is_called_in_its_folder_and_a_child_is_asked_for_after_it(tmp_path: Path) -> None:
    sandbox = Played()
    outcome = run_probe(sandbox, probe("a", Profile.SERVICE), tmp_path)
    assert outcome == Outcome("It returns 2.", True, "returned 2", "files")
    assert sandbox.asked == [
        ("import_file", {"path": "probe.py", "name": "probe", "timeout": 2.0}),
        ("get", {"ref": 5, "name": "probe", "timeout": 2.0}),
        ("call", {"ref": 6, "timeout": 2.0}),
        ("put", {"value": 1, "timeout": 2.0}),
    ]
    (folder, *words), after = sandbox.began
    assert words == [LIMITS, Profile.SERVICE]
    assert after == (None, LIMITS, Profile.COMPUTE)
    assert folder is not None
    assert folder.parent == tmp_path.resolve()
    assert os.listdir(tmp_path) == ["secret.txt"]


def test_only_a_tool_may_start_a_few_processes(tmp_path: Path) -> None:
    sandbox = Played()
    run_probe(sandbox, probe(profile=Profile.TOOLS), tmp_path)
    few = Limits(seconds=0.6, memory_mb=256, output_kb=64, file_mb=1, processes=8)
    assert [words[1] for words in sandbox.began] == [few, LIMITS]


def test_a_probe_is_told_where_what_it_must_not_reach_is(tmp_path: Path) -> None:
    (tmp_path / "place").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "place")
    sandbox = Played()
    run_probe(sandbox, probe("$SECRET $JUDGE $PLACE $SECRET"), tmp_path / "link")
    place = (tmp_path / "place").resolve()
    secret = place / "secret.txt"
    assert sandbox.source == f"{secret} {os.getpid()} {place} {secret}"
    assert secret.read_text() == "secret"
    assert secret.stat().st_mode & 0o777 == 0o640


def raises_at(op: str) -> Answer:
    """Answer as a child does in which one request raises."""
    return lambda asked, fields: RAISED if asked == op else right(asked, fields)


def ends(reason: Any) -> Answer:
    """Answer as a child does that ends."""

    def answer(op: str, fields: dict[str, Any]) -> NoReturn:
        raise reason

    return answer


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (raises_at("import_file"), "raised KeyError"),
        (raises_at("get"), "raised KeyError"),
        (raises_at("call"), "raised KeyError"),
        (ends(ChildEnded("memory", "too much")), "ended memory"),
        (ends(SandboxError("gone")), "lost"),
        (lambda op, fields: Returned(1, "x" * 99), "returned '" + "x" * 79),
    ],
)
def test_what_came_of_a_probe_is_said_in_a_few_words(
    tmp_path: Path, answer: Answer, says: str
) -> None:
    sandbox = Played(answer)
    outcome = run_probe(sandbox, probe(), tmp_path)
    assert (outcome.held, outcome.says) == (False, says)
    assert [op for op, _ in sandbox.asked].count("put") == 1


@pytest.mark.parametrize(
    "alive", [raises_at("put"), ends(ChildEnded("exit", "")), ends(SandboxError("gone"))]
)
def test_a_sandbox_that_gives_no_child_afterwards_did_not_hold(
    tmp_path: Path, alive: Answer
) -> None:
    outcome = run_probe(Played(alive=alive), probe(), tmp_path)
    assert not outcome.held
    assert outcome.says == "returned 2, and then the sandbox gave no children any more"


@pytest.mark.parametrize(
    "change",
    [
        lambda secret: secret.unlink(),
        lambda secret: secret.write_text("changed"),
        lambda secret: secret.chmod(0o644),
        lambda secret: secret.chmod(0o641),
    ],
)
def test_a_file_outside_that_was_changed_is_told(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    def changes(op: str, fields: dict[str, Any]) -> Any:
        if op == "call":
            change(tmp_path / "secret.txt")
        return right(op, fields)

    outcome = run_probe(Played(changes), probe(), tmp_path)
    assert not outcome.held
    assert outcome.says == "returned 2, and a file outside the folder was changed"


def test_what_is_no_answer_at_all_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_probe(Played(ends(KeyboardInterrupt())), probe(), tmp_path)
    assert os.listdir(tmp_path) == ["secret.txt"]


def test_one_sandbox_serves_all_probes_for_as_long_as_it_gives_children() -> None:
    made: list[Played] = []

    def dies_once(op: str, fields: dict[str, Any]) -> Any:
        return RAISED if len(made[0].began) == 4 else right(op, fields)

    def factory() -> Played:
        made.append(Played(alive=right if made else dies_once))
        return made[-1]

    outcomes = self_check(factory, iter([probe()] * 4))
    assert [each.held for each in outcomes] == [True, False, True, True]
    assert [len(each.began) for each in made] == [4, 4]


def test_without_a_word_all_probes_are_run() -> None:
    outcomes = self_check(Played)
    assert [each.name for each in outcomes] == [each.name for each in PROBES]
