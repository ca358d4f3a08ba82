"""Rules about what the judge says: right work passes, wrong work fails where it should."""

from collections.abc import Iterator

from gradus.conformance.bench import Bench, Judged
from gradus.conformance.rule import Sighting, rule
from gradus.core.lab import Naming
from gradus.core.verdict import Judgement, Verdict

CPU_BUDGET = 10.0
"""Seconds of the reference machine for starter, reference, right ways and variants together."""
TRAINING_CPU_BUDGET = 40.0
"""The same for a lab with randomness in training, in its quick sizes."""
MEASURED_AGAIN = 3
"""How often a lab over its budget is judged anew: neighbours make it look dearer than it is."""
TIME_SHARE, MEMORY_SHARE = 0.5, 0.75
"""How much of its limits right work may need."""

_READY = ("names-known", "entry-handed-in", "check-loads")


@rule(
    "judged",
    reason="A lab that Gradus itself fails on says nothing about anybody.",
    remedy="Look at the trouble: as a rule check.py or reader.py raises something of its own.",
    after=_READY,
    judges=True,
)
def judged(bench: Bench) -> Iterator[Sighting]:
    """Everything in the folder gets a verdict."""
    for number, each in enumerate(bench.everything_judged(), start=1):
        bench.report(f"{bench.lab.id}: {each.handed.name} ({number})")
        if each.judgement.verdict is Verdict.UNJUDGED:
            said = each.judgement.reason or "no reason was given"
            yield Sighting(f"{_name(each)} was not judged: {said}", bench.folder / "check.py")


@rule(
    "reference-passes",
    reason="The reference is what a learner is shown as right.",
    remedy="Correct the reference, or the claim that refuses it.",
    after=("judged",),
    judges=True,
)
def reference_passes(bench: Bench) -> Iterator[Sighting]:
    """The reference passes."""
    if bench.reference.judgement.verdict is not Verdict.PASSED:
        yield Sighting(why(bench.reference), bench.folder / "reference")


@rule(
    "right-passes",
    reason="Right work written in another way is right.",
    remedy="Let the claim accept it, or say in 'Your turn' what it breaks and move it to wrong/.",
    after=("judged",),
    judges=True,
)
def right_passes(bench: Bench) -> Iterator[Sighting]:
    """Every other right way passes."""
    for each in bench.right:
        if each.judgement.verdict is not Verdict.PASSED:
            yield Sighting(why(each), bench.folder / "right")


@rule(
    "starter-fails",
    reason="A starter that passes leaves nothing to do, and one that crashes is a bad greeting.",
    remedy="Keep the names and the docstrings in the starter and take the answer out.",
    after=("judged",),
    judges=True,
)
def starter_fails(bench: Bench) -> Iterator[Sighting]:
    """The starter loads and fails at least one claim."""
    judgement = bench.starter.judgement
    place = bench.folder / "starter"
    if judgement.verdict is Verdict.PASSED:
        yield Sighting("The starter passes.", place)
    elif judgement.verdict is Verdict.STOPPED or not was_run(judgement):
        yield Sighting(why(bench.starter), place)


@rule(
    "variant-fails",
    reason="A check that lets known-wrong work live is broken.",
    remedy="Sharpen the claim, draw the input that shows it, or correct `catches`.",
    after=("judged", "claim-catches"),
    judges=True,
)
def variant_fails(bench: Bench) -> Iterator[Sighting]:
    """Every variant fails every claim that names it."""
    place = bench.folder / "wrong"
    for each in bench.wrong:
        if each.judgement.verdict is not Verdict.FAILED:
            yield Sighting(f"{_name(each)} gets {each.judgement.verdict}, not FAILED.", place)
            continue
        for sentence in survived(bench, each):
            yield Sighting(f"{_name(each)} holds a claim that names it: {sentence}", place)


@rule(
    "proof-variant-passes",
    reason="What a claim sees already needs no proof to be caught, and a learner is told sooner.",
    remedy="Name it in the `catches` of the claim that it fails.",
    after=("judged", "proof-catches"),
    judges=True,
)
def proof_variant_passes(bench: Bench) -> Iterator[Sighting]:
    """A variant that only a proof catches passes every claim."""
    for each in bench.only_proved:
        if each.judgement.verdict is not Verdict.PASSED:
            yield Sighting(why(each), bench.folder / "wrong")


@rule(
    "variant-lives",
    reason="A variant that fails everything is broken, not mistaken: it teaches nothing.",
    remedy="Let it make its one mistake and be right in the rest.",
    after=("judged",),
    judges=True,
)
def variant_lives(bench: Bench) -> Iterator[Sighting]:
    """Every variant passes at least one claim."""
    for each in bench.wrong:
        claims = each.judgement.claims
        is_only_one = len(claims) == 1 and was_run(each.judgement)
        if not any(claim.held for claim in claims) and not is_only_one:
            yield Sighting(f"{_name(each)} passes no claim.", bench.folder / "wrong")


@rule(
    "inside-limits",
    reason="A slower laptop needs the room that right work leaves in the limits.",
    remedy="Make the examples smaller, or raise the limits in lab.toml.",
    after=("judged",),
    judges=True,
)
def inside_limits(bench: Bench) -> Iterator[Sighting]:
    """Right work needs at most half of the time and three quarters of the memory."""
    limits = bench.lab.limits
    for each in (bench.reference, *bench.right):
        peak_mb = each.judgement.figures.get("peak_mb", 0.0)
        for used, limit, share, unit in (
            (each.cost.work, limits.seconds, TIME_SHARE, "CPU seconds"),
            (peak_mb, limits.memory_mb, MEMORY_SHARE, "MiB"),
        ):
            if used > limit * share:
                said = f"{_name(each)} needs {used:.1f} of {limit:g} {unit}."
                yield Sighting(said, bench.declaration.path, bench.declaration.line(("limits",)))


@rule(
    "lab-cost",
    reason="Every lab is judged in every test run; slow ones would be left out. Fixed work that is "
    "measured before and after each judging says what a second is worth here.",
    remedy="Fewer examples, or smaller sizes in a [quick] table.",
    after=("judged",),
    judges=True,
)
def lab_cost(bench: Bench) -> Iterator[Sighting]:
    """The quick depth of a lab stays within its CPU budget, in seconds of the reference machine."""
    budget = TRAINING_CPU_BUDGET if bench.lab.naming is Naming.PATTERN else CPU_BUDGET
    for _ in range(MEASURED_AGAIN):
        if bench.seconds() <= budget:
            break
        bench.measure_again()
    spent = bench.seconds()
    if spent > budget:
        said = (
            f"Judging the whole folder once takes {spent:.1f} of {budget:g} CPU seconds of the "
            "reference machine."
        )
        yield Sighting(said, bench.folder / "check.py")


def was_run(judgement: Judgement) -> bool:
    """Return whether any example ran: whether what was handed in loaded."""
    return any(claim.examples for claim in judgement.claims)


def survived(bench: Bench, each: Judged) -> list[str]:
    """Return the claims that name a variant and that it holds all the same."""
    claims = bench.specification.claims
    return [
        outcome.sentence
        for claim, outcome in zip(claims, each.judgement.claims, strict=True)
        if each.handed.name in claim.catches and outcome.held
    ]


def why(each: Judged) -> str:
    """Return in one line what the judge says about a submission."""
    judgement = each.judgement
    if judgement.reason:
        return f"{_name(each)} gets {judgement.verdict}: {judgement.reason}"
    for outcome in judgement.claims:
        if outcome.finding is not None:
            finding = outcome.finding
            seen = f"{finding.call} returned {finding.returned}, expected {finding.expected}"
            return f"{_name(each)} gets {judgement.verdict}: {outcome.sentence} {seen}."
    return f"{_name(each)} gets {judgement.verdict}."


def _name(each: Judged) -> str:
    return f"'{each.handed.name}'"
