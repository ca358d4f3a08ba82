"""How soon libraries notice a drift, at their defaults, on the streams of the proof drift-alert.

python -m benchmarks.drift [--calm N] [--drifts N] [--seed N]

The rows are those of examples/fraud; each field gives the numbers that the proof's own yardstick
looks at, and a library's detector looks at each of them. Its first alarm on any counts. The same
rows go through the yardstick and through every detector. Each library is installed on demand, in
an environment of its own; where that cannot be done, its lines are left out with a sentence.
"""

import argparse
import json
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers import Missing, run, set_up
from gradus.prover.bounds import share_at_most
from gradus.prover.streams import Channel, Kind, channels, drift_of, yardstick

ROOT = Path(__file__).resolve().parent.parent
FRAUD = ROOT / "examples" / "fraud"
LIBRARIES = {"river": "river==0.26.1", "frouros": "frouros==0.9.0"}
LIMIT = 2000
"""Rows from the beginning of a drift within which it has to be noticed."""
SECONDS = 1800


@dataclass(frozen=True, slots=True)
class Streams:
    """One long calm stream, and short ones with a drift each."""

    calm: NDArray[np.float64]
    """Shape (n_rows, n_channels)."""
    drifting: NDArray[np.float64]
    """Shape (n_drifts, n_rows, n_channels)."""
    begins: list[int]
    """At which row each drift begins."""
    yardstick: list[int | None]
    """At which row the yardstick raises its first alarm, first on the calm stream."""


def draw(n_calm: int, n_drifts: int, rng: np.random.Generator) -> Streams:
    """Draw streams as the proof does, of each kind in turn that the rows allow."""
    rows = [json.loads(line) for line in (FRAUD / "rows.jsonl").read_text().splitlines()]
    declared = tomllib.loads((FRAUD / "gradus.toml").read_text())["prove"]
    every = channels(rows, declared["alerts"]["columns"])
    kinds = [kind for kind in Kind if drift_of(kind, every, np.random.default_rng(0))]
    calm = rng.integers(0, len(rows), n_calm)
    alarm = yardstick(every)
    streams, begins, found = [], [], [alarm(calm)]
    for number in range(n_drifts):
        drift = None
        while drift is None:
            drift = drift_of(kinds[number % len(kinds)], every, rng)
        begin = int(rng.integers(300, 1500))
        before = rng.integers(0, len(rows), begin)
        places = np.concatenate([before, drift.draw(LIMIT, rng)])
        places = np.append(places, rng.integers(0, len(rows), 1500 - begin))
        streams.append(_numbers(every, places))
        begins.append(begin)
        found.append(alarm(places))
    return Streams(_numbers(every, calm), np.stack(streams), begins, found)


def _numbers(every: list[Channel], places: NDArray[np.intp]) -> NDArray[np.float64]:
    return np.column_stack([each.values[places] for each in every])


def alarms_of(library: str, place: Path) -> dict[str, list[list[int]]]:
    """Return the rows at which each detector raises alarms, by detector and stream."""
    python = set_up(f"benchmark-drift-{library}", (LIBRARIES[library],))
    script = ROOT / "benchmarks" / "drift_detectors.py"
    said = run([python, script, library, place], {}, place.parent, SECONDS)
    found: dict[str, list[list[int]]] = json.loads(said)
    return found


def line(name: str, alarms: list[list[int]], streams: Streams) -> str:
    """Say how often a detector raises a false alarm, how many drifts it finds and how soon."""
    n_calm = len(streams.calm)
    false, calm_rows = len(alarms[0]), n_calm
    delays: list[float] = []
    for begin, found in zip(streams.begins, alarms[1:], strict=True):
        false += sum(each < begin for each in found)
        calm_rows += begin
        after = [each - begin + 1 for each in found if begin <= each < begin + LIMIT]
        delays.append(min(after, default=float("inf")))
    found_in_time = sum(each < float("inf") for each in delays)
    most = share_at_most(min(false, calm_rows), calm_rows, 0.95)
    median = float(np.median(delays))
    told = "none" if median == float("inf") else f"{median:,.0f}"
    return (
        f"| {name} | {false} in {calm_rows:,} | {most * 10_000:,.1f} "
        f"| {found_in_time} of {len(delays)} | {told} |"
    )


def main() -> int:
    """Draw, ask each library, print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drift")
    parser.add_argument("--calm", type=int, default=30_000, help="calm rows in the long stream")
    parser.add_argument("--drifts", type=int, default=20, help="streams with a drift")
    parser.add_argument("--seed", type=int, default=0, help="what is drawn")
    asked = parser.parse_args()
    streams = draw(asked.calm, asked.drifts, np.random.default_rng(asked.seed))
    print(f"{streams.calm.shape[1]} numbers a row, {asked.drifts} drifts, seed {asked.seed}\n")
    print("| detector | false alarms | at most in 10,000 rows (95 %) | found | median delay |")
    print("|---|---|---|---|---|")
    own = [[] if each is None else [each] for each in streams.yardstick]
    print(line("the yardstick (its first alarm only)", own, streams))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "streams.npz"
        np.savez(place, calm=streams.calm, drifting=streams.drifting)
        for library in LIBRARIES:
            try:
                for name, alarms in alarms_of(library, place).items():
                    print(line(f"{library} {name}", alarms, streams))
            except Missing as missing:
                print(missing, file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
