"""What a proof is: one function that meets a service, with a sentence and what it needs declared.

Nothing is proved here. Each proof is a module of `proofs/`; the folder is the registry.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from gradus.core.errors import UsageError
from gradus.core.names import did_you_mean
from gradus.core.service import ServiceDeclaration
from gradus.prover.bench import Bench

Prove = Callable[[Bench], Awaitable[None]]

TO_DECLARE = {
    "start": "the command that starts the service: `start` in [prove]",
    "offline": "the command of the offline batch: `offline` in [prove]",
    "version": "where the version is read: `version` in [prove]",
    "alerts": "where alerts appear: a part [prove.alerts]",
    "log": "how the prediction log is read: a part [prove.log]",
    "retrain": "the command that trains a new version: `retrain` in [prove]",
    "promote": "the command that puts a version into service: `promote` in [prove]",
    "rollback": "the command that puts the version before back: `rollback` in [prove]",
    "labels": "rows whose truth is known: a part [prove.labels]",
    "labels.baseline": "what a simple rule predicts: `baseline` in [prove.labels]",
    "guards": "what may not get in or out: a part [prove.guards]",
    "split": "the A/B test that runs: a part [prove.split]",
}
"""What a proof may need of a declaration, as its owner is told what is missing."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One proof: claims about a service that belong together."""

    name: str
    """What a person types, such as `prediction-log`."""
    sentence: str
    """What it shows."""
    place: int
    """Its place in the order in which proofs run; smaller ones first."""
    needs: tuple[str, ...]
    """Fields of the declaration without which it cannot be run."""
    core: bool
    """Whether it is among those that every service has to pass."""
    prove: Prove
    """What is done to the service; it records claims on the bench."""

    def missing(self, declaration: ServiceDeclaration) -> str:
        """Return a sentence that says what to declare, or an empty one where nothing is missing."""
        if "start" in self.needs and declaration.url:
            return "It starts the service itself, which cannot be done to a deployed one."
        lacking = [TO_DECLARE[each] for each in self.needs if not _declared(declaration, each)]
        return f"Declare {', and '.join(lacking)}." if lacking else ""


def proof(
    *, place: int, needs: tuple[str, ...] = (), core: bool = False
) -> Callable[[Prove], Proof]:
    """Declare the decorated function as a proof; its docstring's first line is its sentence."""
    unknown = [each for each in needs if each not in TO_DECLARE]
    if unknown:
        raise ValueError(f"nothing says how {unknown} is declared")

    def declare(prove: Prove) -> Proof:
        name: str = prove.__name__
        sentence = (prove.__doc__ or "").strip().partition("\n")[0]
        return Proof(name.replace("_", "-"), sentence, place, needs, core, prove)

    return declare


def all_proofs() -> tuple[Proof, ...]:
    """Return every proof in the order in which they run."""
    folder = Path(__file__).parent / "proofs"
    stems = [path.stem for path in sorted(folder.glob("*.py")) if path.stem != "__init__"]
    return tuple(sorted(map(_of_module, stems), key=lambda each: each.place))


def find_proofs(names: Sequence[str]) -> tuple[Proof, ...]:
    """Return proofs by their names, in the order in which they run; no name means all.

    Raises UsageError for a name that is none.
    """
    known = {each.name: each for each in all_proofs()}
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known)
            raise UsageError(f"There is no proof '{name}'.{hint} Known are {', '.join(known)}.")
    return tuple(each for each in known.values() if not names or each.name in names)


def _declared(declaration: ServiceDeclaration, way: str) -> Any:
    """Return what stands at a way such as `labels.baseline`, or None."""
    value: Any = declaration
    for name in way.split("."):
        value = getattr(value, name) if value is not None else None
    return value


def _of_module(stem: str) -> Proof:
    module = import_module(f"gradus.prover.proofs.{stem}")
    found = getattr(module, stem)
    assert isinstance(found, Proof)
    return found
