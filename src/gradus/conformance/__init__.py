"""The suite that every lab has to pass: one rule per function, each with a code and a remedy.

This room changes no lab but on request (`write_feedback`, `write_figures`, `new_lab`), and it
keeps no record of a learner.
"""

from pathlib import Path

from gradus.conformance import rules as _rules  # noqa: F401  declares every rule
from gradus.conformance.bench import Bench
from gradus.conformance.examination import check_folder, check_lab, check_map, lab_in
from gradus.conformance.report import as_json, as_text
from gradus.conformance.rule import RULES, Depth, Failure, Rule
from gradus.conformance.rules import feedback as _feedback
from gradus.conformance.rules import figures as _figures
from gradus.conformance.scaffold import new_lab
from gradus.core.catalogue import Catalogue
from gradus.core.lab import Lab
from gradus.judge import Pool

__all__ = [
    "RULES",
    "Depth",
    "Failure",
    "Rule",
    "as_json",
    "as_text",
    "check_folder",
    "check_lab",
    "check_map",
    "lab_in",
    "new_lab",
    "write_feedback",
    "write_figures",
]


def write_feedback(lab: Lab, catalogue: Catalogue, pool: Pool) -> list[Path]:
    """Write what a learner sees for the starter and each variant; return what changed."""
    return _feedback.write_feedback(Bench(lab, catalogue, pool))


def write_figures(lab: Lab, catalogue: Catalogue) -> list[Path]:
    """Write what the lab's figures.py draws; return the files."""
    return _figures.write_figures(Bench(lab, catalogue))
