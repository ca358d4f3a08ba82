"""All mutants of a lab beside what is listed: who is dead, who is excused, who lives."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradus.catalogue.lab_file import load_lab
from gradus.conformance.mutation.listed import FILE, Listed, read_listed
from gradus.conformance.mutation.mutant import Mutant
from gradus.conformance.mutation.outcome import Fate, Outcome
from gradus.conformance.mutation.running import Plan, try_mutants
from gradus.judge import Pool


@dataclass(frozen=True, slots=True)
class Mutation:
    """What became of all mutants of one lab."""

    lab: str
    """Lab id."""
    dead: list[tuple[Mutant, Outcome]]
    """Those that were noticed."""
    listed: list[tuple[Mutant, Outcome]]
    """Those that live and are listed as equal."""
    alive: list[tuple[Mutant, Outcome]]
    """Those that live, or that the check breaks on, and that nobody has excused."""
    excused_in_vain: list[Listed]
    """Entries of the list whose mutant is dead."""

    @property
    def n_mutants(self) -> int:
        """How many mutants there are."""
        return len(self.dead) + len(self.listed) + len(self.alive)

    @property
    def kill_rate(self) -> float:
        """The share of the mutants that are noticed, of those that are not equal; 1 without any."""
        counted = len(self.dead) + len(self.alive)
        return len(self.dead) / counted if counted else 1.0

    def as_json(self) -> dict[str, Any]:
        """Return it as a plain object."""
        return {
            "lab": self.lab,
            "mutants": self.n_mutants,
            "dead": len(self.dead),
            "listed": len(self.listed),
            "kill_rate": round(self.kill_rate, 4),
            "alive": [_as_json(*each) for each in self.alive],
        }


def examine(folder: Path, pool: Pool, plan: Plan) -> Mutation:
    """Try every mutant of a lab and sort them; raises `ContentError` for a malformed list."""
    lab = load_lab(folder)
    tried = try_mutants(lab, pool, plan)
    entries, _ = read_listed(lab.folder / FILE, [mutant for mutant, _ in tried])
    excused = {each.name for each in entries}
    dead = [pair for pair in tried if pair[1].fate is Fate.DEAD]
    lives = [pair for pair in tried if pair[1].fate is not Fate.DEAD]
    gone = {mutant.name for mutant, _ in dead}
    return Mutation(
        lab.id,
        dead,
        [pair for pair in lives if pair[0].name in excused and pair[1].fate is Fate.ALIVE],
        [pair for pair in lives if pair[0].name not in excused or pair[1].fate is not Fate.ALIVE],
        [each for each in entries if each.name in gone],
    )


def as_text(seen: Mutation) -> str:
    """Return the survivors, each as a diff with the nearest claim, and the kill rate."""
    lines: list[str] = []
    for mutant, outcome in seen.alive:
        lines.append(f"{seen.lab}/{mutant.name.file}:{mutant.at}: {mutant.name.operator}")
        lines += [f"    {line}" for line in mutant.diff().splitlines()]
        lines += [f"  {_nearest(outcome)}", ""]
    for each in seen.excused_in_vain:
        lines += [f"{seen.lab}/{FILE}:{each.at}: this mutant is dead: {each.name.becomes}", ""]
    lines.append(summary(seen))
    return "\n".join(lines) + "\n"


def summary(seen: Mutation) -> str:
    """Return the kill rate of a lab in one line."""
    return (
        f"{seen.lab}: {len(seen.dead)} of {seen.n_mutants} mutants dead, {len(seen.listed)} "
        f"listed as equal, {len(seen.alive)} alive; kill rate {100 * seen.kill_rate:.1f} %"
    )


def _nearest(outcome: Outcome) -> str:
    if outcome.fate is Fate.UNJUDGED:
        return f"Nobody could be judged: {outcome.why}"
    if not outcome.reached:
        return "No claim uses this line."
    count = f"{outcome.reached} claim{'' if outcome.reached == 1 else 's'} use"
    return f"{count}{'s' if outcome.reached == 1 else ''} this line; nearest: {outcome.why}"


def _as_json(mutant: Mutant, outcome: Outcome) -> dict[str, Any]:
    name = mutant.name
    return {
        "file": name.file,
        "at": mutant.at,
        "operator": name.operator,
        "line": name.line,
        "becomes": name.becomes,
        "occurrence": name.occurrence,
        "diff": mutant.diff(),
        "fate": str(outcome.fate),
        "nearest": outcome.why,
        "claims_that_use_it": outcome.reached,
        "seeds": outcome.seeds,
    }
