"""What a learner guessed before reading on, kept as it was said first.

It must not compare a guess with anything: the lesson tells what really happens.
"""

from gradus.core.errors import UsageError
from gradus.core.lab import Lab
from gradus.desk.desk import Desk
from gradus.desk.view import Guess

NOTE = "note"
LONGEST = 2000


def keep_guess(desk: Desk, name: str, text: str) -> Guess:
    """Record a guess; the first one stays. Raises UsageError for an empty or endless one."""
    lab = desk.catalogue.lab(name)
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise UsageError("A guess has at least one word.")
    if len(words) > LONGEST:
        raise UsageError(f"A guess has at most {LONGEST} characters.")
    before = guess_of(desk, lab)
    if before is not None:
        return before
    row = desk.ledger().append(NOTE, {"lab": lab.id, "guess": words})
    return Guess(words, row.at)


def guess_of(desk: Desk, lab: Lab) -> Guess | None:
    """Return what the learner guessed in a lab, if they did."""
    if desk.workspace is None:
        return None
    for row in desk.ledger().rows(NOTE, lab.id):
        if "guess" in row.facts:
            return Guess(str(row.facts["guess"]), row.at)
    return None
