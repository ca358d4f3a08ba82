"""A project's own commands: run to their end within a time, with what they name in braces.

It must not judge what a command did.
"""

import asyncio
import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradus.core.verdict import Finding
from gradus.prover.claims import BrokenService
from gradus.prover.contract import BrokenContract, plain
from gradus.prover.lines import read_file
from gradus.prover.process import Process

LONGEST = 600.0
"""Seconds after which a command is taken to hang."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    command: str
    """Its words."""
    exit_code: int | None
    """How it ended; None where it hung and was ended by us."""
    seconds: float
    """How long it took."""
    said: str
    """The last part of what it printed."""

    @property
    def went_well(self) -> bool:
        """Say whether it ended with exit code 0."""
        return self.exit_code == 0

    def as_finding(self) -> Finding:
        """Return what a claim shows of a command that did not go well."""
        ended = "it did not end" if self.exit_code is None else f"exit code {self.exit_code}"
        note = f"It printed: {self.said.splitlines()[-1]}" if self.said else ""
        return Finding(
            self.command, f"{ended} after {self.seconds:.1f} s", "exit code 0", note=note
        )


async def run(
    command: Sequence[str],
    folder: Path,
    places: Mapping[str, str],
    log: Path,
    *,
    environment: Mapping[str, str] | None = None,
    limit: float = LONGEST,
) -> Ran:
    """Run a command in a folder to its end; nothing that it started is left behind."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    words = filled(command, places)
    process = Process.start(words, folder, {**os.environ, **(environment or {})}, log)
    try:
        while process.running and loop.time() - began < limit:
            await asyncio.sleep(0.02)
        code = process.exit_code
    finally:
        await asyncio.to_thread(process.stop)
    return Ran(" ".join(command), code, loop.time() - began, process.said())


def filled(command: Sequence[str], places: Mapping[str, str]) -> list[str]:
    """Return a command with what its words name in braces."""
    words = list(command)
    for name, value in places.items():
        words = [word.replace(f"{{{name}}}", value) for word in words]
    return words


def read_predictions(path: Path, n_rows: int, ran: Ran) -> list[Any]:
    """Read one JSON value a line; raises BrokenService where they are not one a row."""
    sentence = "The offline batch predicts every row."
    try:
        lines = read_file(path).decode("utf-8").split("\n")  # JSON may hold other line ends
        values = [plain(json.loads(line)) for line in lines if line.strip()]
    except (OSError, ValueError, RecursionError, BrokenContract) as fault:
        finding = Finding(ran.command, f"{{predictions}}: {fault}", "one JSON value a line")
        raise BrokenService(sentence, finding) from None
    if len(values) != n_rows:
        finding = Finding(ran.command, f"{len(values)} predictions", f"{n_rows}, one a row")
        raise BrokenService(sentence, finding)
    return values


def same(one: Any, other: Any, tolerance: float = 1e-6) -> bool:
    """Say whether two predictions agree; numbers within a relative and absolute tolerance."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        try:
            return math.isclose(one, other, rel_tol=tolerance, abs_tol=tolerance)
        except OverflowError:  # a whole number that no float holds
            return one == other
    if isinstance(one, list) and isinstance(other, list):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(same(a, b, tolerance) for a, b in pairs)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k], tolerance) for k in one)
    return bool(one == other)
