"""A judgement as the text that a learner reads; no durations, so that it can be golden."""

from dataclasses import replace

from gradus.core.verdict import ClaimOutcome, Finding, Judgement, Verdict

GREEN, RED, YELLOW, DIM, RESET = "\x1b[32m", "\x1b[31m", "\x1b[33m", "\x1b[2m", "\x1b[0m"
SHOWN_FINDINGS = 3


def render(judgement: Judgement, *, colour: bool = False, title: str = "") -> str:
    """Return the whole text of a verdict, with a newline at its end."""
    paint = _Paint(colour)
    lines: list[str] = []
    if title:
        lines += [title, ""]
    lines += _claims(judgement, paint)
    lines += _reason(judgement)
    if judgement.mistake_says:
        lines += [f"  {judgement.mistake_says}", ""]
    if judgement.printed.strip() and judgement.verdict is not Verdict.PASSED:
        lines += ["  Your code printed:", *_indented(judgement.printed.strip(), 4, 12), ""]
    lines.append(_closing(judgement, paint))
    return "\n".join(lines) + "\n"


class _Paint:
    def __init__(self, colour: bool) -> None:
        self._colour = colour

    def __call__(self, code: str, text: str) -> str:
        return f"{code}{text}{RESET}" if self._colour else text


def _claims(judgement: Judgement, paint: _Paint) -> list[str]:
    if all(each.examples == 0 for each in judgement.claims):
        return []
    lines: list[str] = []
    shown = 0
    frames: tuple[str, ...] = ()
    for outcome in judgement.claims:
        lines.append(_claim_line(outcome, paint))
        finding = outcome.finding
        if finding is None:
            continue
        shown += 1
        if shown <= SHOWN_FINDINGS:
            again = finding.frames and finding.frames == frames
            lines += finding_lines(
                replace(finding, frames=("at the same place",)) if again else finding
            )
            frames = finding.frames
    return [*lines, ""]


def _claim_line(outcome: ClaimOutcome, paint: _Paint) -> str:
    if outcome.held:
        return f"{paint(GREEN, '✓')} {outcome.sentence}"
    if outcome.finding is None:
        return f"{paint(DIM, '·')} {outcome.sentence}"
    return f"{paint(RED, '✗')} {outcome.sentence}"


def finding_lines(finding: Finding) -> list[str]:
    """Return a finding's lines, indented below its claim."""
    lines = [f"    {finding.call}", *_labelled("returned", finding.returned)]
    if finding.expected:
        lines += _labelled("expected", finding.expected)
    lines += [f"      {line}" for frame in finding.frames for line in frame.splitlines()]
    if finding.note:
        lines.append(f"      {finding.note}")
    return lines


def _labelled(label: str, text: str) -> list[str]:
    if label == "returned" and text.startswith("raised "):
        label, text = "raised", text.removeprefix("raised ")
    if label == "returned" and text.startswith(("The code ", "The code's ")):
        return [f"      {text}"]
    first, *rest = text.splitlines() or [""]
    return [f"      {label} {first}", *(f"      {' ' * len(label)} {line}" for line in rest[:8])]


def _reason(judgement: Judgement) -> list[str]:
    if not judgement.reason:
        return []
    if judgement.verdict is Verdict.UNJUDGED:
        return [
            "Gradus failed, not your code. Your work is kept, and nothing was recorded.",
            f"  {judgement.reason}",
            "",
        ]
    lines = [judgement.reason]
    lines += [f"    {line}" for frame in judgement.frames for line in frame.splitlines()]
    return [*lines, ""]


def _indented(text: str, by: int, most: int) -> list[str]:
    lines = text.splitlines()
    kept = lines if len(lines) <= most else ["…", *lines[-most:]]
    return [" " * by + line[:200] for line in kept]


def _closing(judgement: Judgement, paint: _Paint) -> str:
    held = sum(each.held for each in judgement.claims)
    count = f"{held} of {len(judgement.claims)} claims hold"
    if judgement.verdict is Verdict.PASSED:
        return f"{paint(GREEN, 'PASSED')}  {count}."
    if judgement.verdict is Verdict.FAILED:
        return f"{paint(RED, 'FAILED')}  {count}."
    if judgement.verdict is Verdict.STOPPED:
        return f"{paint(YELLOW, 'STOPPED')}  A limit was hit; {count}."
    return f"{paint(YELLOW, 'UNJUDGED')}  This says nothing about your work."
