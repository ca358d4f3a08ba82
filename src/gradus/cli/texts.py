"""What the command prints for each answer of the desk: nouns in, text out.

It must not ask the desk for anything and must not print.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from gradus.cli.terminal import BOLD, DIM, GREEN, RED, YELLOW, paint
from gradus.core.catalogue import Catalogue
from gradus.core.lab import Lab
from gradus.desk.doctor import Checkup, LayerRow, State
from gradus.desk.environments import EnvironmentState
from gradus.desk.learning import HintTaken, Reference
from gradus.desk.record import Attempt
from gradus.desk.view import LabProofs, LabRef, LayerView, Roadmap, Standing
from gradus.desk.workspace import Opened

SIGNS = {
    Standing.SHOWN: ("✓", GREEN),
    Standing.IN_PROGRESS: ("◐", YELLOW),
    Standing.IN_REACH: ("○", ""),
    Standing.LOCKED: ("·", DIM),
    Standing.NO_LAB_YET: (" ", DIM),
}
LEGEND = "✓ shown   ◐ in progress   ○ in reach   · locked, and can be read"


def labs_text(
    catalogue: Catalogue, roadmap: Roadmap, *, everything: bool, colour: bool = False
) -> str:
    """Return the list of labs by layer; planned ones too if `everything`."""
    ids = {lab.curriculum_id or lab.id: lab.id for lab in catalogue.labs.values()}
    blocks = []
    planned = 0
    for layer in roadmap.layers:
        refs = [each for each in roadmap.labs if each.layer == layer.id]
        planned += sum(not each.exists for each in refs)
        shown = [each for each in refs if each.exists or everything]
        if shown:
            rows = [_lab_row(each, ids.get(each.address, ""), colour) for each in shown]
            blocks.append("\n".join([paint(BOLD, layer.title, colour=colour), *rows]))
    blocks.append(LEGEND)
    if not everything:
        blocks.append(f"Planned, with no lab yet: {planned}. gradus labs --all lists them.")
    if roadmap.next_lab is not None:
        name = ids.get(roadmap.next_lab.address, roadmap.next_lab.address)
        blocks.append(f"Next: {roadmap.next_lab.title}\ngradus open {name}")
    return "\n\n".join(blocks) + "\n"


def _lab_row(ref: LabRef, name: str, colour: bool) -> str:
    sign, code = SIGNS[ref.standing]
    title = ref.title if ref.exists else f"{ref.title} (no lab yet)"
    row = f"  {sign} {ref.address:<4} {name:<26} {title}, {ref.minutes} min"
    if ref.stale:
        row += " (what judges it has changed: check it again)"
    if ref.fading:
        row += " (fading: gradus review)"
    if ref.lacks:
        row += f" (lacks {', '.join(ref.lacks)})"
    if ref.waits_for and ref.standing is Standing.LOCKED:
        row += f" (after {', '.join(ref.waits_for)})"
    return paint(code, row, colour=colour) if code else row


LAYER_SAYS = {
    "protocol": "only well-formed answers count; the verdict is computed outside",
    "process": "a process of its own, without open files or variables of yours",
    "limits": "time, memory, output, files and disk are bounded",
    "files": "reads its libraries and its folder, writes its folder (Landlock)",
    "system calls": "no connections, no programs, no signals, no other process (seccomp)",
    "namespaces": "no network and no processes but its own; programs stay inside",
}
"""What each layer does, for the table of `gradus doctor --table`."""


def layers_table(rows: Sequence[LayerRow]) -> str:
    """Return the layers as a table in Markdown."""
    lines = [
        "| system | user | layer | what it enforces | in force | shown by |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        shown = f"{row.n_held} of {row.n_probes} probes" if row.n_probes else "looking"
        in_force = "yes" if row.enforced else "no"
        says = LAYER_SAYS[row.layer]
        lines.append(f"| {row.system} | {row.user} | {row.layer} | {says} | {in_force} | {shown} |")
    return "\n".join(lines) + "\n"


def opened_text(lab: Lab, opened: Opened, missing: str) -> str:
    """Return what opening a lab did and what comes next."""
    lines = [f"{lab.title} lies in {opened.folder}"]
    lines += [f"  {name}" for name in opened.written]
    lines += [f"  {name} was there and stays as it is" for name in opened.kept]
    lines += ["", "Read the lesson in the browser (gradus start), then write and save. To be told:"]
    lines.append(f"gradus check {lab.id}")
    if lab.proof is not None:
        lines += ["", "And to have your running service proved, as this lab asks for too:"]
        lines.append(f"gradus prove {lab.id}")
    if missing:
        lines += [
            "",
            f"It runs in the environment '{lab.environment}', not installed yet:",
            missing,
        ]
    return "\n".join(lines) + "\n"


def hint_text(hint: HintTaken) -> str:
    """Return one hint."""
    left = hint.of - hint.rung
    after = f"{left} more: the same command." if left else "That was the last one."
    return f"Hint {hint.rung} of {hint.of}\n\n{hint.text.strip()}\n\n{after}\n"


def reference_text(lab: Lab, reference: Reference) -> str:
    """Return the reference's files."""
    blocks = []
    for path, content in reference.files.items():
        rule = "─" * max(4, 70 - len(path))
        blocks.append(f"── {path} {rule}\n{content.decode('utf-8', 'replace').rstrip()}")
    if not reference.after_pass:
        blocks.append(
            "The record keeps that you looked. A pass of this lab counts again in seven days, on a "
            "fresh seed."
        )
    return "\n\n".join(blocks) + "\n"


def progress_text(
    catalogue: Catalogue, roadmap: Roadmap, tried: Sequence[Attempt], *, colour: bool = False
) -> str:
    """Return what the learner has done."""
    counts = roadmap.counts
    passed = sum(each.standing is Standing.SHOWN for each in roadmap.labs)
    there = sum(each.exists for each in roadmap.labs)
    lines = [
        f"{counts.shown} of {counts.total} skills shown, {counts.in_progress} in progress, "
        f"{counts.in_reach} in reach; {counts.no_lab_yet} have no lab yet.",
        f"{passed} of {there} labs passed ({len(catalogue.curriculum)} are planned), "
        f"{len(tried)} {'attempt' if len(tried) == 1 else 'attempts'}.",
        "",
        *(_layer_row(layer, colour) for layer in roadmap.layers),
    ]
    if begun := [each for each in roadmap.labs if each.lacks]:
        lines += ["", "Passed in two parts, claims and proofs of the same files"]
        lines += [f"  {each.address} {each.title} lacks {', '.join(each.lacks)}" for each in begun]
    if tried:
        lines += ["", "Last attempts", *map(_attempt_row, reversed(tried[-8:]))]
    if roadmap.next_lab is not None:
        ids = {lab.curriculum_id: lab.id for lab in catalogue.labs.values()}
        name = ids.get(roadmap.next_lab.address, roadmap.next_lab.address)
        lines += ["", f"Next: {roadmap.next_lab.title}", f"gradus open {name}"]
    return "\n".join(lines) + "\n"


def _attempt_row(attempt: Attempt) -> str:
    claims = attempt.row.facts["claims"]
    held = sum(bool(each["held"]) for each in claims)
    return (
        f"  {attempt.at:%Y-%m-%d %H:%M}  {attempt.verdict:<8} {attempt.lab} "
        f"({held} of {len(claims)} claims)"
    )


def _layer_row(layer: LayerView, colour: bool) -> str:
    counts = layer.counts
    filled = round(20 * counts.shown / counts.total) if counts.total else 0
    bar = paint(GREEN, "█" * filled, colour=colour) + "░" * (20 - filled)
    stale = f", {counts.stale} stale" if counts.stale else ""
    return f"  {bar} {counts.shown:>3} of {counts.total:<3} {layer.title}{stale}"


def environments_text(states: Sequence[EnvironmentState]) -> str:
    """Return which environments there are."""
    lines = ["Environments that labs and proofs run in:", ""]
    for each in states:
        lines.append(
            f"  {each.name:<6} {'installed' if each.python else 'missing  '}  {each.summary}"
        )
    lines += ["", "gradus install NAME"]
    return "\n".join(lines) + "\n"


def doctor_text(checkups: Iterable[Checkup], *, colour: bool = False) -> str:
    """Return what was found on this machine, with the command that mends each fault."""
    signs = {State.GOOD: ("✓", GREEN), State.NOTE: ("·", YELLOW), State.WRONG: ("✗", RED)}
    lines = []
    wrong = 0
    for each in checkups:
        sign, code = signs[each.state]
        wrong += each.state is State.WRONG
        lines.append(f"{paint(code, sign, colour=colour)} {each.name}: {each.says}")
        if each.remedy:
            lines.append(f"    {each.remedy}")
    closing = "Everything that Gradus needs is there."
    if wrong:
        closing = f"{wrong} {'thing needs' if wrong == 1 else 'things need'} mending."
    return "\n".join([*lines, "", closing]) + "\n"


def nothing_to_check_text(opened: Sequence[str]) -> str:
    """Return what to do when `gradus check` finds nothing that has changed."""
    if not opened:
        return "No lab is open yet. To see what there is:\ngradus labs\n"
    return (
        "Nothing has changed since it was opened or last judged. To judge a lab anyway, name it:\n"
        f"gradus check {opened[0]}\n"
    )


def proofs_text(address: str, proofs: LabProofs) -> str:
    """Return, after a verdict on the claims, what a running service has to show besides."""
    if not proofs.missing:
        return f"These files have passed all {len(proofs.parts)} proofs of {address} too.\n"
    missing = ", ".join(proofs.missing)
    return (
        f"{address} asks for proofs of the same files too. Missing: {missing}.\n{proofs.command}\n"
    )


def watching_text(folder: Path, n_labs: int, *, events: bool, keys: bool) -> str:
    """Return the first lines of `gradus watch`."""
    labs = "1 open lab" if n_labs == 1 else f"{n_labs} open labs"
    lines = [f"Watching {labs} in {folder}. Save a file to have it judged."]
    if not events:
        lines.append(
            "This system tells of no saves here, so the files are compared twice a second."
        )
    lines.append("Enter judges now, q leaves." if keys else "Ctrl-C leaves.")
    return "\n".join(lines) + "\n"
