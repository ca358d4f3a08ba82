"""`lab styles`, `lab naming`, `lab flakes`: figures on how well labs judge, for their authors.

It must not judge: conformance does.
"""

import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from gradus.cli.options import Number, Whole, speaks
from gradus.cli.terminal import Status, Terminal
from gradus.conformance.flakes import MOST_MISSES, FlakeTally, measure_flakes, replayed
from gradus.conformance.naming import NamingTally, measure_naming
from gradus.conformance.styles import StyleTally, has_styles, measure_styles
from gradus.core.counting import counted
from gradus.core.errors import UsageError
from gradus.core.lab import Lab
from gradus.desk.content import content_place
from gradus.desk.desk import Desk, sit_down


def _labs(desk: Desk, names: Sequence[str], everything: bool, command: str) -> list[Lab]:
    if not names and not everything:
        raise UsageError(f"Name a lab, or measure them all:\ngradus lab {command} --all")
    if everything:
        return list(desk.catalogue.labs.values())
    return [desk.catalogue.lab(name) for name in names]


def _state(lab: Lab, measure: str) -> Path:
    return content_place().parent / ".setup" / measure / f"{lab.id}.jsonl"


def share(part: int, whole: int) -> str:
    """Return a share as a text, such as `19 of 20 (95.0 %)`."""
    return f"{part} of {whole} ({100 * part / whole:.1f} %)" if whole else "none"


@click.command(short_help="Judge right work in every harmless style.")
@click.argument("labs", nargs=-1, metavar="[LAB]...")
@click.option("--all", "everything", is_flag=True, help="Every lab whose work is code.")
@click.option(
    "--composed",
    type=Whole(0),
    default=10,
    show_default=True,
    help="Composed styles for each work.",
)
@speaks
def styles(terminal: Terminal, labs: Sequence[str], everything: bool, composed: int) -> int:
    """Judge right work in many harmless styles; goes on where it was stopped."""
    tallies: list[StyleTally] = []
    with sit_down() as desk:
        chosen = _labs(desk, labs, everything, "styles")
        status = Status()
        for place, lab in enumerate(chosen, 1):
            here = f"[{place}/{len(chosen)}]"
            if not has_styles(lab):
                status.keep(f"{here} {lab.id}: what is handed in is no code")
                continue
            tally = measure_styles(
                lab,
                desk.pool,
                state=_state(lab, "styles"),
                n_composed=composed,
                report=partial(status.show, here),
            )
            tallies.append(tally)
            passed = tally.styles - len(tally.refused)
            status.keep(f"{here} {lab.id}: {share(passed, tally.styles)} pass")
    terminal.say(_styles_text(tallies))
    terminal.give({"labs": [_styles_json(each) for each in tallies], **_styles_sum(tallies)})
    return 1 if any(each.refused for each in tallies) else 0


def _styles_text(tallies: list[StyleTally]) -> str:
    lines = []
    for each in tallies:
        for refused in each.refused:
            lines += [f"{each.lab}: {refused['name']} gets {refused['verdict']}"]
            lines += [f"  {', '.join(refused['rewrites'])}", f"  {refused.get('why', '')}"]
            if "place" in refused:
                lines += [f"  gradus check {each.lab} --file {refused['place']} --seed 5", ""]
    total = _styles_sum(tallies)
    works = sum(each.works for each in tallies)
    lines.append(
        f"Right work in other styles: {share(total['passed'], total['styles'])} pass; "
        f"{counted(len(tallies), 'lab')}, {works} right works, {total['rewrites']} rewrites."
    )
    return "\n".join(lines)


def _styles_json(tally: StyleTally) -> dict[str, object]:
    return {
        "lab": tally.lab,
        "works": tally.works,
        "styles": tally.styles,
        "refused": tally.refused,
        "rewrites": sorted(tally.rewrites),
    }


def _styles_sum(tallies: list[StyleTally]) -> dict[str, int]:
    styles = sum(each.styles for each in tallies)
    refused = sum(len(each.refused) for each in tallies)
    used = set().union(*(each.rewrites for each in tallies)) if tallies else set()
    return {"styles": styles, "passed": styles - refused, "rewrites": len(used)}


@click.command(short_help="Measure how often a mistake gets its right name.")
@click.argument("labs", nargs=-1, metavar="[LAB]...")
@click.option("--all", "everything", is_flag=True, help="Every lab.")
@click.option(
    "--mutants", type=Whole(0), default=20, show_default=True, help="Mutants of each reference."
)
@speaks
def naming(terminal: Terminal, labs: Sequence[str], everything: bool, mutants: int) -> int:
    """Measure how often a mistake gets its right name; goes on where it was stopped."""
    tallies: list[NamingTally] = []
    with sit_down() as desk:
        chosen = _labs(desk, labs, everything, "naming")
        status = Status()
        for place, lab in enumerate(chosen, 1):
            here = f"[{place}/{len(chosen)}]"
            tally = measure_naming(
                lab,
                desk.pool,
                state=_state(lab, "naming"),
                n_mutants=mutants,
                report=partial(status.show, here),
            )
            tallies.append(tally)
            right = share(tally.variants["right"], tally.variants.total())
            status.keep(f"{here} {lab.id}: {right} get their right name")
    terminal.say(_naming_text(tallies))
    terminal.give({"labs": [_naming_json(each) for each in tallies]})
    return 1 if any(_is_misnamed(each) for each in tallies) else 0


def _is_misnamed(tally: NamingTally) -> bool:
    """Return whether anything got a wrong name, which is worse than none."""
    return bool(tally.variants["wrong"] or tally.mutants["wrong"])


def _naming_json(tally: NamingTally) -> dict[str, object]:
    return {
        "lab": tally.lab,
        "by_pattern": tally.by_pattern,
        "variants": dict(tally.variants),
        "mutants": dict(tally.mutants),
        "amiss": tally.amiss,
    }


def _naming_text(tallies: list[NamingTally]) -> str:
    lines = []
    for each in tallies:
        for found in each.amiss:
            told = f"is called '{found['named']}'" if found["named"] else "is not named"
            told = told if found["verdict"] == "FAILED" else f"gets {found['verdict']}"
            lines.append(f"{each.lab}: {found['name']} {told}.")
    for by_pattern, kind in ((False, "By behaviour"), (True, "By pattern")):
        own = [each for each in tallies if each.by_pattern is by_pattern]
        if not own:
            continue
        total = sum((each.variants for each in own), Counter[str]())
        lines.append(
            f"{kind}, {counted(len(own), 'lab')}: "
            f"right name {share(total['right'], total.total())}, "
            f"wrong name {share(total['wrong'], total.total())}."
        )
    others = sum((each.mutants for each in tallies), Counter[str]())
    lines.append(
        f"Mutants that fail: {others['alike']} of {others.total()} are named and behave so on "
        f"further inputs too, {others['wrong']} are named and do not."
    )
    return "\n".join(lines)


@click.command(short_help="Judge right and wrong work on many seeds.")
@click.argument("labs", nargs=-1, metavar="[LAB]...")
@click.option("--all", "everything", is_flag=True, help="Every lab.")
@click.option(
    "--seeds", type=Whole(1), help="Seeds for right work; 1000, or 100 where claims train."
)
@click.option("--minutes", type=Number(0), help="Begin nothing more after so many minutes.")
@click.option(
    "--replay",
    "stored",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Judge again on the inputs of a failure that was kept.",
)
@speaks
def flakes(
    terminal: Terminal,
    labs: Sequence[str],
    everything: bool,
    seeds: int | None,
    minutes: float | None,
    stored: Path | None,
) -> int:
    """Judge right and wrong work on many seeds; goes on where it was stopped."""
    with sit_down() as desk:
        if stored is not None:
            return _replay(terminal, desk, stored)
        chosen = _labs(desk, labs, everything, "flakes")
        until = None if minutes is None else time.monotonic() + 60 * minutes
        status, tallies = Status(), []
        for place, lab in enumerate(chosen, 1):
            here = f"[{place}/{len(chosen)}]"
            tally = measure_flakes(
                lab,
                desk.pool,
                state=_state(lab, "flakes"),
                n_seeds=seeds,
                until=until,
                report=partial(status.show, here),
            )
            tallies.append(tally)
            done = share(tally.right + tally.wrong, tally.due)
            status.keep(f"{here} {lab.id}: {done} judged, {len(tally.flaky)} flaky")
    terminal.say(_flakes_text(tallies))
    terminal.give({"labs": [_flakes_json(each) for each in tallies]})
    return 1 if any(each.flaky or _is_unsure(each) for each in tallies) else 0


def _replay(terminal: Terminal, desk: Desk, stored: Path) -> int:
    kept = json.loads(stored.read_text(encoding="utf-8"))
    verdict, text = replayed(desk.catalogue.lab(kept["lab"]), kept, desk.pool)
    terminal.say(text)
    terminal.give({"verdict": verdict, "seed": kept["seed"]})
    return 0


def _is_unsure(tally: FlakeTally) -> bool:
    """Return whether a lab whose claims rest on statistics may miss them too often."""
    return tally.is_done and tally.worst is not None and tally.chance(tally.worst) > MOST_MISSES


def _flakes_text(tallies: list[FlakeTally]) -> str:
    lines = []
    for each in tallies:
        lines.append(
            f"{each.lab}: right work judged {each.right} times, wrong work {each.wrong} times, "
            f"{len(each.flaky)} flaky."
        )
        for flaky in each.flaky:
            lines += [f"  {flaky['name']} gets {flaky['verdict']}. {flaky['why']}"]
            lines += [f"    gradus lab flakes --replay {flaky['place']}"]
        if not each.is_done:
            lines.append(
                f"  {each.due - each.right - each.wrong} are left; the same command goes on."
            )
        if each.worst is not None:
            lines += _tails(each, each.worst)
    right, wrong = (sum(getattr(each, side) for each in tallies) for side in ("right", "wrong"))
    n_flaky = sum(len(each.flaky) for each in tallies)
    lines.append(
        f"Flaky: {n_flaky} of {right + wrong} judgings; {counted(len(tallies), 'lab')}, "
        f"{right} of right work, {wrong} of wrong work."
    )
    return "\n".join(lines)


def _tails(tally: FlakeTally, work: str) -> list[str]:
    lines = [f"  Statistics of '{work}', which is nearest to a miss:"]
    for (_, label), tail in tally.tails[work].items():
        lines.append(
            f"    {label}: room {tail.mean:.3g}, spread {tail.spread:.2g}, "
            f"least {tail.smallest:.2g}; a miss in at most {tail.chance:.1e} "
            f"({tail.method}, n = {tail.n})"
        )
    lines.append(f"    All together: a miss in at most {tally.chance(work):.1e} of judgings.")
    return lines


def _flakes_json(tally: FlakeTally) -> dict[str, object]:
    return {
        "lab": tally.lab,
        "right": tally.right,
        "wrong": tally.wrong,
        "due": tally.due,
        "flaky": tally.flaky,
        "chance": {work: tally.chance(work) for work in tally.tails},
        "statistics": [
            {"work": work, "claim": claim, "label": label, **asdict(tail)}
            for work, statistics in tally.tails.items()
            for (claim, label), tail in statistics.items()
        ],
    }
