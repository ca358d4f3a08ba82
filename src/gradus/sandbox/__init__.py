"""Starts, warms, limits and kills one untrusted child, and moves plain values to and from it.

This room knows nothing of labs, and believes nothing that a child says.
"""

from .contract import Sandbox, UntrustedChild
from .outcomes import ChildEnded, Raised, Ref, Reply, Returned, Runtime, Stub, Usage
from .parent import WarmParent
from .self_check import Outcome, self_check

__all__ = [
    "ChildEnded",
    "Outcome",
    "Raised",
    "Ref",
    "Reply",
    "Returned",
    "Runtime",
    "Sandbox",
    "Stub",
    "UntrustedChild",
    "Usage",
    "WarmParent",
    "self_check",
]
