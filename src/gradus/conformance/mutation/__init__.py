"""Mutants of a lab's reference: small changes that a check has to notice.

Every operator is one small function of a module in `operators/`; the folder is the registry. What
is made here is text: the judge sees mutants as it sees any other submission.
"""

from gradus.conformance.mutation.listed import read_listed
from gradus.conformance.mutation.mutant import Mutant
from gradus.conformance.mutation.mutants import mutants_of
from gradus.conformance.mutation.operator import operators_of
from gradus.conformance.mutation.running import Plan
from gradus.conformance.mutation.verdict import Mutation, as_text, examine, summary

__all__ = [
    "Mutant",
    "Mutation",
    "Plan",
    "as_text",
    "examine",
    "mutants_of",
    "operators_of",
    "read_listed",
    "summary",
]
