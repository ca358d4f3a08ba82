"""Reviews in the record: answers, what took them back, what was asked to be done again.

It must not compute a schedule: the planner does, from what is read here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from gradus.core.review import Grade, Review
from gradus.core.verdict import Verdict
from gradus.ledger import Ledger, Row
from gradus.planner.reviewing import without_undone

REVIEW = "review"
ANSWER, UNDO, BACK, ASKED, DONE = "answer", "undo", "bring-back", "asked", "done"
"""The acts of a row of kind `review`."""


@dataclass(slots=True)
class ReviewLog:
    """All reviews of a record, in its order."""

    cards: list[Review] = field(default_factory=list)
    """Answers to cards, and cards brought back; also those that were undone."""
    undone: set[int] = field(default_factory=set)
    """Places of the answers that were taken back."""
    seconds: list[float] = field(default_factory=list)
    """What each answer took, undone or not; left out where there was a pause."""
    seeds: dict[int, int] = field(default_factory=dict)
    """The seed with which each answer's card was asked, by the answer's place."""
    again: list[Review] = field(default_factory=list)
    """Claims done again, by lab."""
    asked: dict[str, Row] = field(default_factory=dict)
    """The last claim that was asked to be done again, by lab."""
    done: dict[str, Row] = field(default_factory=dict)
    """The last verdict on a claim that was done again, by lab."""

    @property
    def standing(self) -> list[Review]:
        """The answers and cards brought back that were not undone."""
        return without_undone(self.cards, self.undone)

    def last_answer(self) -> Review | None:
        """Return the last answer that was not undone."""
        return next((each for each in reversed(self.standing) if each.grade), None)

    def answer_to(self, item: str, seed: int) -> Review | None:
        """Return the answer that stands to a card as it was asked with a seed."""
        found = (each for each in self.standing if each.item == item and each.grade)
        return next((each for each in found if self.seeds.get(each.seq) == seed), None)


def read_reviews(ledger: Ledger) -> ReviewLog:
    """Return all reviews; a row of an act that this version does not know is left out."""
    return reviews_in(ledger.rows(REVIEW))


def reviews_in(rows: Iterable[Row]) -> ReviewLog:
    """Return the reviews that rows of kind `review` hold."""
    log = ReviewLog()
    for row in rows:
        facts, at = row.facts, datetime.fromisoformat(row.at)
        act, lab = facts.get("act"), str(facts.get("lab", ""))
        if act == ANSWER:
            item = item_of(lab, str(facts["card"]))
            log.cards.append(Review(row.seq, item, at, Grade(facts["grade"])))
            log.seeds[row.seq] = int(facts.get("seed", -1))
            log.seconds += [float(facts["seconds"])] if facts["seconds"] else []
        elif act == BACK:
            log.cards.append(Review(row.seq, item_of(lab, str(facts["card"])), at, None))
        elif act == UNDO:
            log.undone.add(int(facts["undoes"]))
        elif act == ASKED:
            log.asked[lab] = row
        elif act == DONE:
            passed = facts["verdict"] == Verdict.PASSED
            log.again.append(Review(row.seq, lab, at, Grade.GOOD if passed else Grade.AGAIN))
            log.done[lab] = row
    return log


def item_of(lab: str, card: str) -> str:
    """Return the name of a card among all cards."""
    return f"{lab}/{card}"
