"""The append-only record of what a learner did; the only writer of facts.

This room must not judge, plan or read a lab: it keeps what it is given, bound row to row by hash.
"""

from gradus.ledger.row import Row
from gradus.ledger.store import Ledger

__all__ = ["Ledger", "Row"]
