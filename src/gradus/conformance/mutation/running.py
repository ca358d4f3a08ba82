"""Tries all mutants of a lab on the cores that there are; goes on where it was broken off.

What is known is kept in one file a lab, by what judges and what is judged, and by nothing else.
"""

import json
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import cast

import gradus
from gradus.conformance.mutation.mutant import Mutant
from gradus.conformance.mutation.mutants import mutants_of
from gradus.conformance.mutation.outcome import Fate, Outcome
from gradus.conformance.mutation.trial import Trials
from gradus.core.errors import GradusError
from gradus.core.lab import Lab
from gradus.judge import Pool

WORTH_ANOTHER = 30
"""From this many mutants on a second process is worth its warm parent."""

Tried = list[tuple[Mutant, Outcome]]


@dataclass(frozen=True, slots=True)
class Plan:
    """How mutants are tried."""

    n_seeds: int = 5
    """Seeds that a survivor has passed on."""
    n_processes: int = 0
    """Processes; 0 for one a core."""
    state: Path | None = None
    """Where what is known is kept."""
    report: Callable[[str], None] = lambda line: None
    """Gets a line of progress."""


def try_mutants(lab: Lab, pool: Pool, plan: Plan) -> Tried:
    """Judge every mutant of a lab's reference that is not known yet; return all of them."""
    mutants = mutants_of(lab, pool)
    known = _Known(lab, plan)
    left = [each for each in mutants if known.of(each) is None]
    for done, (mutant, outcome) in enumerate(_tried(lab, pool, left, plan), 1):
        known.keep(mutant, outcome)
        plan.report(f"{lab.id}: mutant {len(mutants) - len(left) + done} of {len(mutants)}")
    return [(each, found) for each in mutants if (found := known.of(each)) is not None]


def _tried(
    lab: Lab, pool: Pool, left: list[Mutant], plan: Plan
) -> Iterator[tuple[Mutant, Outcome]]:
    n_processes = plan.n_processes or os.cpu_count() or 1
    n_processes = min(n_processes, len(left) // WORTH_ANOTHER)
    if n_processes > 1 and sys.platform == "linux":  # elsewhere a fork of this process is not safe
        yield from _tried_by_many(lab, pool, left, plan, n_processes)
    elif left:
        trials = Trials(lab, pool, plan.n_seeds)
        for each in left:
            yield each, trials.of(each)


def _tried_by_many(
    lab: Lab, pool: Pool, left: Sequence[Mutant], plan: Plan, n_processes: int
) -> Iterator[tuple[Mutant, Outcome]]:
    """Share the mutants out among forked processes, each with warm parents of its own."""
    pool.close()
    context = multiprocessing.get_context("fork")
    others: dict[Connection, BaseProcess] = {}
    places = iter(range(len(left)))
    try:
        for _ in range(n_processes):
            here, there = context.Pipe()
            ends = (there, [*others, here])
            work = context.Process(target=_work, args=(lab, pool, left, plan.n_seeds, ends))
            work.start()
            there.close()
            others[here] = work
            here.send(next(places, None))
        busy = list(others)
        for _ in left:
            here = cast(Connection, wait(busy)[0])
            place, outcome = _received(here)
            yield left[place], outcome
            following = next(places, None)
            if following is None:
                busy.remove(here)
            here.send(following)
    finally:
        for here, each in others.items():
            here.close()
            with suppress(ProcessLookupError):
                each.terminate()
            each.join()


def _received(here: Connection) -> tuple[int, Outcome]:
    """Return what a process found out; raises `RuntimeError` where it broke."""
    try:
        place, outcome = here.recv()
    except EOFError:
        place, outcome = None, "it ended"
    if place is None:
        raise RuntimeError(f"A process that judged mutants broke: {outcome}")
    return place, outcome


def _work(
    lab: Lab,
    pool: Pool,
    left: Sequence[Mutant],
    n_seeds: int,
    ends: tuple[Connection, list[Connection]],
) -> None:
    """Try mutants until there is none left; Ctrl-C is the first process's to answer.

    The first process's ends are closed here, so that this one ends when that one does.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    there, not_ours = ends
    for each in not_ours:
        each.close()
    with suppress(EOFError, BrokenPipeError), pool:
        try:
            trials = Trials(lab, pool, n_seeds)
            while (place := there.recv()) is not None:
                there.send((place, trials.of(left[place])))
        except (OSError, GradusError, RuntimeError, ValueError) as error:
            there.send((None, f"{type(error).__name__}: {error}"))


class _Known:
    """What became of mutants in earlier runs, on disk after each of them."""

    def __init__(self, lab: Lab, plan: Plan) -> None:
        self._path = plan.state
        self._n_seeds = plan.n_seeds
        self._judges = f"{gradus.__version__} {lab.version}"
        left = _left(plan.state)
        self._outcomes = {key: each for key, each in left if each.fate is not Fate.UNJUDGED}

    def of(self, mutant: Mutant) -> Outcome | None:
        """Return what is known; a survivor of fewer seeds than are asked for is not."""
        outcome = self._outcomes.get(self._key(mutant))
        if outcome is None or (outcome.fate is Fate.ALIVE and outcome.seeds < self._n_seeds):
            return None
        return outcome

    def keep(self, mutant: Mutant, outcome: Outcome) -> None:
        """Keep what became of a mutant."""
        self._outcomes[self._key(mutant)] = outcome
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        whole = {key: each.as_json() for key, each in self._outcomes.items()}
        unfinished = self._path.with_name(f"{self._path.name}.new")
        unfinished.write_text(json.dumps(whole), encoding="utf-8")
        unfinished.replace(self._path)

    def _key(self, mutant: Mutant) -> str:
        return sha256(f"{self._judges} {mutant.submission.digest}".encode()).hexdigest()[:32]


def _left(state: Path | None) -> Iterator[tuple[str, Outcome]]:
    """Yield what an earlier run has left; a spoilt file is as good as none."""
    if state is None or not state.is_file():
        return
    with suppress(ValueError, KeyError, TypeError, AttributeError):
        for key, kept in json.loads(state.read_text(encoding="utf-8")).items():
            yield key, Outcome.from_json(kept)
