"""Testing out: how sure the answers make us that a learner has a group of skills, and what to ask.

Each group is known or not known. An answer moves the chance of its own group and, since skills
need one another, those of the groups below and above it; of what other groups say only the
strongest word for and the strongest against count, because what they say overlaps. Asked is what is
expected to settle most; asking stops when every group is beyond a bound, when its cards are spent,
or when the budget is.

What cards find is `placed`: a plan may shorten what is placed, and nothing is shown by it. A lab
that is passed is evidence as always. What a learner says of themselves only moves the chance that
asking starts from.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gradus.core.card import Card, CardKind
from gradus.planner.groups import Group

PRIOR = 0.5
"""Chance that a group is known before anything was asked or said."""
SAID_PRIOR = 0.7
"""The same where all of it is said to be known: below the bound, so that a tick places nothing."""
SLIP = 0.1
"""Chance that somebody who knows answers wrongly."""
NUMBER_GUESS = 0.05
"""Chance that somebody who does not know types the right number; among n choices it is 1/n."""
LAB_SLIP, LAB_GUESS = 0.2, 0.02
"""The same of a lab: not passed though known, passed though not known."""
LINK = 0.5
"""Chance that a group is known if all that is certain is that one below it is."""
PLACED_FROM = 0.95
"""From this chance on a group counts as known, if one of its own cards was asked or its lab passed.

It is further from the middle than the lower bound: to place somebody too high costs them more.
"""
NOT_YET_UP_TO = 0.1
"""Up to this chance a group counts as not known."""
MOST_CARDS = 5
"""Cards asked of one group at most."""
BUDGET = 30
"""Cards asked in one placement at most."""


class Outcome(StrEnum):
    """What a placement says of a group."""

    OPEN = "open"
    PLACED = "placed"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class CardAnswer:
    """One card of a placement, answered."""

    lab: str
    """Id of the card's lab."""
    card: str
    """The card's id."""
    right: bool
    """Whether the answer was right; not knowing is not right."""


@dataclass(frozen=True, slots=True)
class GroupState:
    """What the answers say of one group."""

    group: str
    """Its id."""
    chance: float
    """How probable it is that the learner has it."""
    asked: int
    """How many of its cards were answered."""
    outcome: Outcome
    """Beyond which bound the chance is, if beyond one."""


Shares = Mapping[tuple[str, str], float]
"""Of each two groups: the share of the first that the second needs."""


def group_states(
    groups: Sequence[Group],
    shares: Shares,
    answers: Sequence[CardAnswer],
    passed: Collection[str] = (),
    said: Collection[str] = (),
) -> dict[str, GroupState]:
    """Return the state of every group after the answers.

    `passed` names the labs with a pass that counts, `said` the skills that are said to be known.
    """
    odds = _Odds(groups, shares, answers, passed, said)
    states = {}
    for group in groups:
        chance = odds.chance(group.id)
        states[group.id] = GroupState(
            group.id, chance, odds.asked[group.id], odds.outcome(group.id)
        )
    return states


def next_card(
    groups: Sequence[Group],
    shares: Shares,
    answers: Sequence[CardAnswer],
    passed: Collection[str] = (),
    said: Collection[str] = (),
) -> tuple[Group, Card] | None:
    """Return the card that is expected to settle most skills, or None when asking is over."""
    if len(answers) >= BUDGET:
        return None
    odds = _Odds(groups, shares, answers, passed, said)
    best: tuple[Group, Card] | None = None
    most = -math.inf
    known: dict[tuple[str, float], float] = {}
    for group, card in _askable(groups, odds, answers):
        alike = (group.id, _guess(card))
        settled = known[alike] if alike in known else odds.settled_by(group.id, card)
        known[alike] = settled
        if settled > most + 1e-9:
            best, most = (group, card), settled
    return best


def placed_skills(groups: Sequence[Group], states: Mapping[str, GroupState]) -> tuple[str, ...]:
    """Return the skills that a placement speaks for and finds known."""
    return tuple(
        skill
        for group in groups
        if states[group.id].outcome is Outcome.PLACED
        for skill in group.spoken_for
    )


def labs_to_pass(
    groups: Sequence[Group], states: Mapping[str, GroupState], passed: Collection[str]
) -> tuple[str, ...]:
    """Return the labs that would turn what is placed into what is shown, one for each group.

    A group that the cards could not settle has its lab here too, where some of them were right.
    """
    wanted = [
        group.lab
        for group in groups
        if group.lab
        and group.lab not in passed
        and states[group.id].asked
        and (
            states[group.id].outcome is Outcome.PLACED
            or (states[group.id].outcome is Outcome.OPEN and states[group.id].chance > PRIOR)
        )
    ]
    return tuple(dict.fromkeys(wanted))


class _Odds:
    """The chances of all groups, with the answers of each group as one likelihood."""

    def __init__(
        self,
        groups: Sequence[Group],
        shares: Shares,
        answers: Sequence[CardAnswer],
        passed: Collection[str],
        said: Collection[str],
    ) -> None:
        self.groups = {group.id: group for group in groups}
        self.shares = shares
        self.asked = dict.fromkeys(self.groups, 0)
        self.prior = {group.id: _prior(group, said) for group in groups}
        self.likelihood: dict[str, tuple[float, float]] = {}
        self.heard = {group.id for group in groups if group.lab and group.lab in passed}
        cards = {(card.lab, card.id): (group.id, card) for group in groups for card in group.cards}
        for each in answers:
            if (each.lab, each.card) in cards:
                name, card = cards[each.lab, each.card]
                self.asked[name] += 1
                self.heard.add(name)
                self._observe(name, *_of_card(card, right=each.right))
        for group in groups:
            if group.lab and group.lab in passed:
                self._observe(group.id, 1 - LAB_SLIP, LAB_GUESS)

    def chance(self, name: str, other: str = "", likelihood: tuple[float, float] = (1, 1)) -> float:
        """Return how probable it is that a group is known, with one more observation of another."""
        odds = self.prior[name] / (1 - self.prior[name])
        most = least = 1.0
        said = self.likelihood
        if other:
            before = said.get(other, (1.0, 1.0))
            said = {**said, other: (before[0] * likelihood[0], before[1] * likelihood[1])}
        for source, pair in said.items():
            if_known, if_unknown = self._seen_from(name, source, pair)
            if source == name:
                odds *= if_known / if_unknown
            else:
                most = max(most, if_known / if_unknown)
                least = min(least, if_known / if_unknown)
        odds *= most * least
        return odds / (1 + odds)

    def outcome(self, name: str) -> Outcome:
        """Return beyond which bound a group is; what others say of it alone places nothing."""
        chance = self.chance(name)
        if chance >= PLACED_FROM and name in self.heard:
            return Outcome.PLACED
        return Outcome.NOT_YET if chance <= NOT_YET_UP_TO else Outcome.OPEN

    def settled_by(self, name: str, card: Card) -> float:
        """Return how much less open all skills are expected to be after a card, in bits."""
        right, wrong = _of_card(card, right=True), _of_card(card, right=False)
        chance = self.chance(name)
        is_right = chance * right[0] + (1 - chance) * right[1]
        near = [name, *self._related(name)]
        before = sum(_open(self.chance(each)) * self._weight(each) for each in near)
        after = sum(
            share * _open(self.chance(each, name, seen)) * self._weight(each)
            for share, seen in ((is_right, right), (1 - is_right, wrong))
            for each in near
        )
        return before - after

    def _observe(self, name: str, if_known: float, if_unknown: float) -> None:
        known, unknown = self.likelihood.get(name, (1.0, 1.0))
        self.likelihood[name] = (known * if_known, unknown * if_unknown)

    def _seen_from(self, name: str, source: str, said: tuple[float, float]) -> tuple[float, float]:
        """Return the likelihood of one group's answers given that another is known or not."""
        if name == source:
            return said
        known, unknown = said
        mixed = LINK * known + (1 - LINK) * unknown
        below = self.shares.get((name, source), 0.0)
        above = self.shares.get((source, name), 0.0)
        if_known, if_unknown = mixed, mixed
        if below:  # without this group the other can hardly be known
            if_unknown = below * unknown + (1 - below) * mixed
        if above:  # with this group the other is known as far as it is needed
            if_known = above * known + (1 - above) * mixed
        return if_known, if_unknown

    def _related(self, name: str) -> list[str]:
        return [
            other
            for other, group in self.groups.items()
            if group.spoken_for and ((name, other) in self.shares or (other, name) in self.shares)
        ]

    def _weight(self, name: str) -> int:
        return len(self.groups[name].spoken_for)


def _askable(
    groups: Sequence[Group], odds: _Odds, answers: Sequence[CardAnswer]
) -> Iterator[tuple[Group, Card]]:
    """Yield the cards that may still be asked: of open groups, and not asked before."""
    before = {(each.lab, each.card) for each in answers}
    for group in groups:
        if odds.asked[group.id] >= MOST_CARDS or odds.outcome(group.id) is not Outcome.OPEN:
            continue
        for card in group.cards:
            if (card.lab, card.id) not in before:
                yield group, card


def _of_card(card: Card, *, right: bool) -> tuple[float, float]:
    """Return how probable an answer is from somebody who knows and from somebody who does not."""
    guess = _guess(card)
    return (1 - SLIP, guess) if right else (SLIP, 1 - guess)


def _guess(card: Card) -> float:
    return 1 / len(card.choices) if card.kind is CardKind.CHOICE else NUMBER_GUESS


def _prior(group: Group, said: Collection[str]) -> float:
    share = sum(skill in said for skill in group.skills) / len(group.skills)
    return PRIOR + (SAID_PRIOR - PRIOR) * share


def _open(chance: float) -> float:
    """Return how open a question is, in bits."""
    return -sum(p * math.log2(p) for p in (chance, 1 - chance) if p > 0)
