"""The report of a run of proofs as one page that needs nothing else: no script, no address.

It must not decide anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import gradus
from gradus.core.proof import ProofOutcome, ProofReport
from gradus.web.proof_charts import Picture, Timeline, picture, timeline
from gradus.web.rendering import render


@dataclass(frozen=True, slots=True)
class ProofSection:
    """One proof on the page."""

    outcome: ProofOutcome
    """What became of it."""
    pictures: tuple[Picture, ...]
    """Its plots, laid out."""
    timeline: Timeline
    """What was done to the service, and what it did."""
    again: str
    """The command that computes its figures again, on the same draws."""


@dataclass(frozen=True, slots=True)
class ProofPage:
    """The whole page."""

    report: ProofReport
    """What became of all of them."""
    sections: tuple[ProofSection, ...]
    """Each proof that was run."""
    again: str
    """The command that does all of it again."""
    version: str
    """Of Gradus."""


def proof_page(report: ProofReport, commands: Mapping[str, str], again: str) -> str:
    """Return the page; `commands` has for each proof the command that reproduces its figures."""
    sections = tuple(
        ProofSection(
            outcome,
            tuple(picture(each) for each in outcome.plots if each.lines),
            timeline(outcome),
            commands[outcome.proof],
        )
        for outcome in report.outcomes
    )
    return render("proof.html", ProofPage(report, sections, again, gradus.__version__))
