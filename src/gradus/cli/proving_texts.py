"""What a person reads of a run of proofs in the terminal; no durations, so that it can be golden.

It must not decide anything.
"""

from gradus.cli.terminal import BOLD, DIM, GREEN, RED, YELLOW, paint
from gradus.core.proof import Figure, ProofClaim, ProofOutcome, ProofReport, ProofVerdict, amount
from gradus.desk.proving import Proved, ProvedLab

COLOUR = {
    ProofVerdict.PASSED: GREEN,
    ProofVerdict.FAILED: RED,
    ProofVerdict.INVALID: YELLOW,
}
MOST_NAMED = 5
"""Files that are named; the rest are counted."""
LONGEST = 200
"""Characters of one line of a finding."""


def report_text(proved: Proved, again: str, *, colour: bool) -> str:
    """Return the whole text of a run."""
    report = proved.report
    lines: list[str] = []
    for outcome in report.outcomes:
        lines += [*outcome_lines(outcome, colour=colour), ""]
    lines += _skipped_lines(report, colour=colour)
    lines.append(_closing(report, colour=colour))
    if report.outcomes:
        lines += [f"The same again: {again}", f"Raw logs: {proved.logs}"]
    if proved.not_recorded:
        lines.append(f"It is not in your record. {proved.not_recorded}")
    if proved.lab is not None:
        lines += ["", *_lab_lines(proved.lab)]
    return "\n".join(lines) + "\n"


def outcome_lines(outcome: ProofOutcome, *, colour: bool) -> list[str]:
    """Return what became of one proof."""
    verdict = paint(COLOUR[outcome.verdict], str(outcome.verdict), colour=colour)
    lines = [f"{paint(BOLD, outcome.proof, colour=colour)}  {verdict}"]
    for claim in outcome.claims:
        lines += _claim_lines(claim, colour=colour)
    if outcome.reason:
        lines.append(f"  {outcome.reason}")
    return lines


def figure_text(figure: Figure) -> str:
    """Return a figure beside its bound and how sure it is."""
    text = f"{figure.name} {amount(figure.value, figure.unit)}"
    told = []
    if figure.limit is not None:
        told.append(f"bound {amount(figure.limit, figure.unit)}")
    if figure.confidence is not None:
        told.append(f"{figure.confidence * 100:g} % sure")
    return text + (f" ({', '.join(told)})" if told else "")


def _claim_lines(claim: ProofClaim, *, colour: bool) -> list[str]:
    mark = paint(GREEN, "✓", colour=colour) if claim.held else paint(RED, "✗", colour=colour)
    lines = [f"  {mark} {claim.sentence}"]
    finding = claim.finding
    if finding is not None:
        lines.append(f"      {_cut(finding.call)}")
        lines.append(f"        was      {_cut(finding.returned)}")
        if finding.expected:
            lines.append(f"        expected {_cut(finding.expected)}")
        if finding.note:
            lines.append(f"        {_cut(finding.note)}")
    lines += [paint(DIM, f"      {figure_text(each)}", colour=colour) for each in claim.figures]
    return lines


def _lab_lines(lab: ProvedLab) -> list[str]:
    """Return what a run means for a lab, and the command that goes on."""
    lines = []
    if lab.changed:
        named = ", ".join(lab.changed[:MOST_NAMED])
        more = len(lab.changed) - MOST_NAMED
        named += f" and {more} more" if more > 0 else ""
        lines += [f"While it ran {named} changed.", "What a service writes belongs in .gitignore."]
    if lab.shows_nothing:
        lines.append(lab.shows_nothing)
    missing, of = lab.proofs.missing, len(lab.proofs.parts)
    lines.append(
        f"{lab.address} asks for {of} proofs; these files have passed {of - len(missing)}."
    )
    if missing:
        lines += [f"Missing: {', '.join(missing)}. To run them:", lab.proofs.command]
    if not lab.proofs.claims_passed:
        said = "Your record has no pass of the claims by these files"
        said += " either." if missing else " yet."
        lines += [f"{said} To judge them:", f"gradus check {lab.address}"]
    if not missing and lab.proofs.claims_passed:
        lines.append("They have passed the claims too: the skills of this lab are shown.")
    return lines


def _skipped_lines(report: ProofReport, *, colour: bool) -> list[str]:
    lines = [
        f"{paint(DIM, '·', colour=colour)} {name} was not run. {sentence}"
        for name, sentence in report.skipped.items()
    ]
    return [*lines, ""] if lines else []


def _closing(report: ProofReport, *, colour: bool) -> str:
    n_passed = sum(each.verdict is ProofVerdict.PASSED for each in report.outcomes)
    verdict = paint(COLOUR[report.verdict], str(report.verdict), colour=colour)
    if not report.outcomes:
        return f"{verdict}  {report.project}: no proof could be run."
    n = len(report.outcomes)
    return f"{verdict}  {report.project}: {n_passed} of {n} proofs passed."


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else flat[: LONGEST - 1] + "…"
