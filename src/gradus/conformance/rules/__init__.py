"""The rules, by what they look at; importing this package declares all of them in order.

Rules that only read come first, then those that judge, then those of the thorough depth.
"""

from gradus.conformance.rules import (  # noqa: I001  the order of the rules
    folder,
    declaration,
    lesson,
    figures,
    questions,
    specification,
    proofs,
    verdicts,
    feedback,
    seeds,
    mutants,
)

__all__ = [
    "declaration",
    "feedback",
    "figures",
    "folder",
    "lesson",
    "mutants",
    "proofs",
    "questions",
    "seeds",
    "specification",
    "verdicts",
]
