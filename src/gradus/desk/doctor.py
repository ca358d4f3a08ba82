"""Looks at this machine and says what is there, what is weaker than it could be, what is missing.

It must not mend anything: each finding names the command that does.
"""

import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import gradus
from gradus.core.counting import counted
from gradus.core.errors import GradusError, UsageError
from gradus.desk.content import content_place
from gradus.desk.desk import Desk
from gradus.desk.environments import environment_states, find_runtime
from gradus.desk.workspace import read_settings
from gradus.sandbox import WarmParent
from gradus.sandbox.environment import environment_home
from gradus.sandbox.layers import layers
from gradus.sandbox.self_check import Outcome, self_check

ROOM_WANTED = 3 * 2**30


class State(StrEnum):
    """How it is with one thing."""

    GOOD = "good"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Checkup:
    """One thing that was looked at."""

    name: str
    """What was looked at."""
    state: State
    """How it is."""
    says: str
    """What was found."""
    remedy: str = ""
    """The command that mends it, if it needs mending."""


def doctor(desk: Desk) -> Iterator[Checkup]:
    """Yield what was found, one thing after the other."""
    yield _python()
    yield _content(desk)
    yield from _environments(desk)
    yield from _sandbox()
    yield _workspace(desk)
    yield _record(desk)
    yield _pages()
    yield _room()


def probe_sandbox(desk: Desk) -> Iterator[Checkup]:
    """Try every way out of the sandbox that is known to us, in the environment `base`.

    Raises PrerequisiteError where that environment is not installed.
    """
    runtime = find_runtime(desk.catalogue)("base", ("numpy",))
    outcomes = self_check(lambda: WarmParent(runtime))
    held = sum(each.held for each in outcomes)
    state = State.GOOD if held == len(outcomes) else State.WRONG
    yield Checkup("Sandbox, probes", state, f"{held} of {len(outcomes)} held")
    for each in outcomes:
        if not each.held:
            yield Checkup("Sandbox, probe", State.WRONG, f"{each.name} It {each.says}.")


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One layer of isolation on this system, for this kind of user."""

    system: str
    """Such as `Linux 6.18 x86_64`."""
    user: str
    """`root` or `ordinary user`."""
    layer: str
    """Its name."""
    enforced: bool
    """Whether it is in force here."""
    n_held: int
    """How many of its probes held."""
    n_probes: int
    """How many of its probes ran; 0 where it was only looked for."""


def layer_rows(desk: Desk, *, probe: bool) -> list[LayerRow]:
    """Return every layer, by looking and, on request, by trying each way out that is known to us.

    Raises PrerequisiteError where the environment `base` is not installed and `probe` is asked.
    """
    outcomes: list[Outcome] = []
    if probe:
        runtime = find_runtime(desk.catalogue)("base", ("numpy",))
        outcomes = self_check(lambda: WarmParent(runtime))
    release = ".".join(platform.release().split(".")[:2])
    system = f"{platform.system()} {release} {platform.machine()}"
    user = "root" if hasattr(os, "getuid") and os.getuid() == 0 else "ordinary user"
    enforced = {"protocol": True} | {each.name: each.enforced for each in layers()}
    rows = []
    for name, in_force in enforced.items():
        own = [each for each in outcomes if each.layer == name]
        held = sum(each.held for each in own)
        rows.append(LayerRow(system, user, name, in_force, held, len(own)))
    return rows


def _python() -> Checkup:
    return Checkup(
        "Gradus",
        State.GOOD,
        f"{gradus.__version__} on Python {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}, in {Path(gradus.__file__).parent}",
    )


def _content(desk: Desk) -> Checkup:
    catalogue = desk.catalogue
    skills, labs = counted(len(catalogue.skills), "skill"), counted(len(catalogue.labs), "lab")
    says = f"{skills} and {labs} in {content_place()}"
    if catalogue.malformed:
        names = ", ".join(catalogue.malformed)
        return Checkup(
            "Content", State.WRONG, f"{says}; cannot be read: {names}", "gradus lab check --all"
        )
    return Checkup("Content", State.GOOD, says)


def _environments(desk: Desk) -> Iterator[Checkup]:
    for each in environment_states(desk.catalogue):
        name = f"Environment '{each.name}'"
        if each.python is not None:
            yield Checkup(name, State.GOOD, f"installed in {each.python.parent.parent}")
        else:
            state = State.WRONG if each.name == "base" else State.NOTE
            n = len(each.labs)
            used = f"used by {counted(n, 'lab')}" if n else "no lab needs it, a proof may"
            yield Checkup(
                name,
                state,
                f"not installed; {used}",
                f"gradus install {each.name}",
            )


def _sandbox() -> Iterator[Checkup]:
    for layer in layers():
        state = State.GOOD if layer.enforced else State.NOTE
        yield Checkup(f"Sandbox, {layer.name}", state, layer.says)


def _workspace(desk: Desk) -> Checkup:
    if desk.workspace is None:
        return Checkup("Workspace", State.NOTE, "there is none yet", "gradus start")
    root = desk.workspace.root
    if not os.access(root, os.W_OK):
        return Checkup("Workspace", State.WRONG, f"{root} cannot be written", f"chmod u+w {root}")
    try:
        read_settings(desk.workspace)
    except UsageError as fault:
        return Checkup("Workspace", State.WRONG, str(fault))
    return Checkup(
        "Workspace", State.GOOD, f"{root}, {counted(len(desk.workspace.opened()), 'lab')} open"
    )


def _record(desk: Desk) -> Checkup:
    if desk.workspace is None or not desk.workspace.ledger_path.exists():
        return Checkup("Record", State.NOTE, "empty")
    try:
        count = desk.ledger().verify()
    except GradusError as fault:
        says, _, command = str(fault).partition("\n")
        return Checkup("Record", State.WRONG, says, command)
    return Checkup("Record", State.GOOD, f"{counted(count, 'row')}, as written")


def _pages() -> Checkup:
    built = Path(gradus.__file__).parent / "web" / "static" / "built"
    if built.is_dir():
        return Checkup("Pages", State.GOOD, "built")
    return Checkup("Pages", State.WRONG, "the pages' scripts are not built", "make front-end")


def _room() -> Checkup:
    place = environment_home()
    while not place.exists() and place != place.parent:
        place = place.parent
    free = shutil.disk_usage(place).free
    says = f"{free / 2**30:.1f} GiB free where environments lie ({place})"
    if free < ROOM_WANTED:
        return Checkup("Room", State.NOTE, f"{says}; all environments together take about 3")
    return Checkup("Room", State.GOOD, says)
