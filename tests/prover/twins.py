"""Planted-bad twins: which defects each proof must catch, as the files of `defects/` say."""

import dataclasses
import json
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradus.core.proof import ProofOutcome
from gradus.core.service import ContractTerms, Promises, ServiceDeclaration

from .paying import payments

HERE = Path(__file__).parent
SERVICES = HERE / "services"
HONEST = ("plain.py", "asgi.py")
"""Services without a defect, in different frameworks."""
ROWS = [
    {"amount": round(1.5 * n, 2), "hour": n % 24, "abroad": n % 3 == 0} for n in range(40)
]  # fmt: skip


@dataclass(frozen=True)
class Twin:
    """A service with one defect, and the proof that names it."""

    proof: str
    defect: str
    does: str
    """What is wrong with it."""
    says: str
    """What must be in the finding."""
    fast: bool
    """Whether it is met in the tests and not only in the kill matrix."""
    promises: Mapping[str, float]
    script: str = "plain.py"
    openapi: bool = False
    """Whether only what is derived from its OpenAPI document shows it."""


def twins() -> list[Twin]:
    """Return every twin, by proof."""
    found = []
    for path in sorted((HERE / "defects").glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        promises = content.get("promises", {})
        for name, each in content["defect"].items():
            script = content.get("script", "plain.py")
            fast = each.get("fast", False)
            twin = Twin(path.stem, name, each["does"], each["says"], fast, promises, script)
            found.append(dataclasses.replace(twin, openapi=each.get("openapi", False)))
    return found


def honest(proof: str) -> tuple[str, ...]:
    """Return the services without a defect that must pass a proof."""
    scripts = {each.script for each in twins() if each.proof == proof}
    return ("payments", "payments-asgi") if "payments" in scripts else HONEST


def promises_of(proof: str) -> Mapping[str, float]:
    """Return what the services that meet a proof promise."""
    return next((each.promises for each in twins() if each.proof == proof), {})


def declaration(
    folder: Path,
    script: str = "plain.py",
    defect: str = "",
    promises: Mapping[str, float] | None = None,
    **changes: Any,
) -> ServiceDeclaration:
    """Return the declaration of a service of `services/`, with its rows in a folder.

    `payments` is a system of its own, with everything that an operator does.
    """
    if script.startswith("payments"):
        return payments(folder, script, defect, **changes)
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    program = (sys.executable, str(SERVICES / script))
    kept = {"p99_ms": 500.0, "rate": 40.0, "ready_seconds": 30.0, **(promises or {})}
    honest = ServiceDeclaration(
        name="specimen",
        folder=folder,
        start=(*program, "{port}", *([defect] if defect else [])),
        contract=ContractTerms(
            "plain-json", field="rows", output="predictions", echo="X-Request-ID"
        ),
        rows="rows.jsonl",
        digest="sha256:0",
        promises=Promises(**kept),
        offline=(sys.executable, str(SERVICES / "model.py"), "batch", "{rows}", "{predictions}"),
    )
    return dataclasses.replace(honest, **changes)


def with_document(declared: ServiceDeclaration) -> ServiceDeclaration:
    """Return the declaration of a service that names its OpenAPI document too."""
    terms = dataclasses.replace(declared.contract, openapi="/openapi.json")
    return dataclasses.replace(declared, contract=terms)


def findings(outcome: ProofOutcome) -> str:
    """Return everything that was found against a service, as one text."""
    found = [each.finding for each in outcome.claims if each.finding is not None]
    return "\n".join(f"{f.call} | {f.returned} | {f.expected} | {f.note}" for f in found)
