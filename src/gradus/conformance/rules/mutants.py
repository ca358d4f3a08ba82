"""Rules about mutants of the reference: the check notices each, or the lab says why it need not."""

from collections.abc import Iterator
from typing import cast

from gradus.conformance.bench import Bench
from gradus.conformance.mutation import Mutant, Plan, examine, mutants_of, read_listed
from gradus.conformance.mutation.listed import FILE
from gradus.conformance.mutation.verdict import Mutation
from gradus.conformance.rule import Depth, Sighting, rule
from gradus.judge import Pool

MOST_SEEDS = 5
"""Seeds that a survivor has to pass on, at most."""


@rule(
    "equivalent-reason",
    reason="An excuse that nobody can read is a hole in the check with a sign on it.",
    remedy="Say in a sentence why no learner's call could tell the change, or kill the mutant.",
    after=("reference-passes",),
    judges=True,
)
def equivalent_reason(bench: Bench) -> Iterator[Sighting]:
    """Every entry of equivalent.toml is complete and says why."""
    _, faults = read_listed(bench.folder / FILE, _mutants(bench))
    for each in faults:
        yield Sighting(each.message, bench.folder / FILE, each.line)


@rule(
    "equivalent-listed",
    reason="An entry for a mutant that is no longer made excuses nothing, and hides that it does.",
    remedy="Remove the entry, or copy the mutant anew from `gradus lab mutants LAB --list`.",
    after=("equivalent-reason",),
    judges=True,
)
def equivalent_listed(bench: Bench) -> Iterator[Sighting]:
    """Every entry of equivalent.toml names a mutant that is made today."""
    mutants = _mutants(bench)
    made = {each.name for each in mutants}
    for each in read_listed(bench.folder / FILE, mutants)[0]:
        if each.name not in made:
            said = f"No mutant ({each.name.operator}) makes '{each.name.line}' into"
            yield Sighting(f"{said} '{each.name.becomes}'.", bench.folder / FILE, each.at)


@rule(
    "mutants-dead",
    reason="A mutant of the reference that passes is wrong work that would pass.",
    remedy="Sharpen a claim, or, where no call can tell, list it: `gradus lab mutants LAB --list`.",
    after=("equivalent-listed", "variant-fails", "right-passes"),
    judges=True,
    depth=Depth.THOROUGH,
)
def mutants_dead(bench: Bench) -> Iterator[Sighting]:
    """Every mutant of the reference is dead, or listed in equivalent.toml."""
    for mutant, outcome in _examined(bench).alive:
        place = bench.folder / "reference" / mutant.name.file
        said = f"({mutant.name.operator}) is {outcome.fate}: {mutant.name.line}"
        yield Sighting(f"A mutant {said} → {mutant.name.becomes}", place, mutant.at)


@rule(
    "equivalent-alive",
    reason="What is called equal and is noticed all the same was not equal.",
    remedy="Remove the entry.",
    after=("equivalent-listed", "variant-fails", "right-passes"),
    judges=True,
    depth=Depth.THOROUGH,
)
def equivalent_alive(bench: Bench) -> Iterator[Sighting]:
    """Every mutant that equivalent.toml lists passes."""
    for each in _examined(bench).excused_in_vain:
        said = f"The check notices it: '{each.name.line}' made '{each.name.becomes}'."
        yield Sighting(said, bench.folder / FILE, each.at)


def _mutants(bench: Bench) -> list[Mutant]:
    if not (bench.folder / FILE).is_file():
        return []
    if bench.mutants is None:
        bench.mutants = mutants_of(bench.lab, bench.pool)
    return bench.mutants


def _examined(bench: Bench) -> Mutation:
    if bench.mutation is None:
        state = bench.state and bench.state.with_name(f"{bench.lab.id}.mutants.json")
        plan = Plan(min(bench.n_seeds, MOST_SEEDS), state=state, report=bench.report)
        bench.mutation = examine(bench.folder, cast(Pool, bench.pool), plan)
    return bench.mutation
