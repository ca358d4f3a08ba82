"""The version of a lab: a hash over what judges, and over nothing else."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gradus.core.lab import Lab

JUDGING_FILES = ("check.py", "reader.py", "make_case.py", "rows.py")
"""Files of a lab folder that decide a verdict."""


def lab_version(lab: Lab, lock: str) -> str:
    """Return `sha256:…` over the judging files, the simulators, the judging fields and the lock.

    A mended lesson, another starter or another variant leaves it as it was.
    """
    parts: list[tuple[str, bytes]] = []
    parts.extend(_files(lab.folder / name for name in JUDGING_FILES))
    parts.extend((f"simulators/{name}", content) for name, content in _files(lab.simulators))
    parts.append(("lab.toml", _canonical(judging_fields(lab))))
    parts.append(("lock", lock.encode()))
    whole = hashlib.sha256(b"gradus-lab-1\n")
    for name, content in parts:
        whole.update(f"{name} {len(content)}\n".encode())
        whole.update(content)
    return f"sha256:{whole.hexdigest()}"


def judging_fields(lab: Lab) -> dict[str, Any]:
    """Return the fields of `lab.toml` that decide a verdict."""
    fields = {
        "entry": asdict(lab.entry),
        "environment": lab.environment,
        "imports": lab.imports,
        "profile": lab.profile,
        "limits": asdict(lab.limits),
        "sizes": lab.sizes,
        "naming": lab.naming,
    }
    if lab.proof is not None:  # left out elsewhere, so that other labs keep their version
        proof = asdict(lab.proof)
        fields["proof"] = {key: proof[key] for key in proof if key not in ("core", "catches")}
    return fields


def _files(paths: Iterable[Path]) -> list[tuple[str, bytes]]:
    """Return name and content of the files that exist; line ends are made one kind."""
    return [
        (path.name, path.read_bytes().replace(b"\r\n", b"\n"))
        for path in sorted(paths, key=lambda path: path.name)
        if path.is_file()
    ]


def _canonical(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), default=str).encode()
