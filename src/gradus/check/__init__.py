"""The words in which a lab's `check.py` is written; the public API promised to authors.

This room starts no process and judges nothing: the judge runs what is declared here.
"""

from gradus.check import draw
from gradus.check.answers import Answer, observe
from gradus.check.claims import Claim, Diagnostic, claim, diagnostic
from gradus.check.given import Defined, Stub, Usage, public, put, raised, stub, table, tensor, usage

__all__ = [
    "Answer",
    "Claim",
    "Defined",
    "Diagnostic",
    "Stub",
    "Usage",
    "claim",
    "diagnostic",
    "draw",
    "observe",
    "public",
    "put",
    "raised",
    "stub",
    "table",
    "tensor",
    "usage",
]
