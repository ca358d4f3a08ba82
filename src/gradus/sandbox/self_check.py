"""The contract of a sandbox as probes that anyone can run against one.

Each probe is a small file such as a hostile or unlucky learner might hand in, and the outcomes
that are right for it. A probe must do no harm where the sandbox fails to stop it.
"""

import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from ..core.errors import SandboxError
from ..core.lab import Limits, Profile
from .contract import Sandbox, UntrustedChild
from .folders import remove_tree
from .outcomes import ChildEnded, Returned
from .probes import PROBES, Probe

_LIMITS = Limits(seconds=0.6, memory_mb=256, output_kb=64, file_mb=1)
_SECONDS = 2.0
_NO_CHILDREN = ", and then the sandbox gave no children any more"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one probe."""

    name: str
    """The probe's sentence."""
    held: bool
    """Whether the sandbox did what its contract says."""
    says: str
    """What happened, such as `ended time` or `raised PermissionError`."""
    layer: str = "protocol"
    """The layer of isolation that it shows."""


def self_check(
    sandbox_factory: Callable[[], Sandbox], probes: Iterable[Probe] = PROBES
) -> list[Outcome]:
    """Run every probe against one sandbox, and after each see that it still gives children.

    This is the conformance suite of a sandbox: one that keeps the contract holds on every probe.
    One that gives no children any more is made anew for the probes that follow.
    """
    outcomes: list[Outcome] = []
    waiting = list(probes)
    with tempfile.TemporaryDirectory() as name:
        while waiting:
            with sandbox_factory() as sandbox:
                while waiting:
                    outcomes.append(run_probe(sandbox, waiting.pop(0), Path(name)))
                    if _NO_CHILDREN in outcomes[-1].says:
                        break
    return outcomes


def run_probe(sandbox: Sandbox, probe: Probe, place: Path) -> Outcome:
    """Run one probe in a folder below `place`, beside a file that it must not reach."""
    place = place.resolve()
    secret = place / "secret.txt"
    secret.write_text("secret")
    secret.chmod(0o640)
    words = {"SECRET": str(secret), "JUDGE": str(os.getpid()), "PLACE": str(place)}
    folder = tempfile.mkdtemp(dir=place)
    try:
        source = probe.source
        for word, text in words.items():
            source = source.replace(f"${word}", text)
        (Path(folder) / "probe.py").write_text(source)
        says = _what_happens(sandbox, probe.profile, Path(folder))
        if _what_happens(sandbox, Profile.COMPUTE, None) != "fine":
            says += _NO_CHILDREN
    finally:
        remove_tree(Path(folder))
    untouched = secret.is_file() and secret.read_text() == "secret"
    if not untouched or secret.stat().st_mode & 0o777 != 0o640:
        says = f"{says}, and a file outside the folder was changed"
    return Outcome(probe.name, says in probe.right, says, probe.layer)


def _what_happens(sandbox: Sandbox, profile: Profile, folder: Path | None) -> str:
    limits = replace(_LIMITS, processes=8) if profile is Profile.TOOLS else _LIMITS
    try:
        with sandbox.child(folder, limits, profile) as child:
            if folder is None:
                alive = child.request("put", value=1, timeout=_SECONDS)
                return "fine" if isinstance(alive, Returned) else "dead"
            return _call(child)
    except ChildEnded as ended:
        return f"ended {ended.reason}"
    except SandboxError:
        return "lost"


def _call(child: UntrustedChild) -> str:
    module = child.request("import_file", path="probe.py", name="probe", timeout=_SECONDS)
    if not isinstance(module, Returned):
        return f"raised {module.types[0]}"
    function = child.request("get", ref=module.ref, name="probe", timeout=_SECONDS)
    if not isinstance(function, Returned):
        return f"raised {function.types[0]}"
    reply = child.request("call", ref=function.ref, timeout=_SECONDS)
    if isinstance(reply, Returned):
        return f"returned {reply.value!r:.80}"
    return f"raised {reply.types[0]}"
