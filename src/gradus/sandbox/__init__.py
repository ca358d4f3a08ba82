"""Starts, warms, limits and kills one untrusted child, and moves plain values to and from it.

This room knows nothing of labs, and believes nothing that a child says.
"""

from .outcomes import ChildEnded, Raised, Ref, Reply, Returned, Runtime, Stub, Usage
from .parent import WarmParent

__all__ = [
    "ChildEnded",
    "Raised",
    "Ref",
    "Reply",
    "Returned",
    "Runtime",
    "Stub",
    "Usage",
    "WarmParent",
]
